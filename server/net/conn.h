/* One connection: reads when there is room for what comes, sends what is queued,
 * and closes in such a way that its last words arrive.
 *
 * Invariant: one write is in flight at most, and while it is, its bytes stay where
 * they are in the queue. After conn_close() the session's queue is not touched. */
#ifndef SNUG_SERVER_NET_CONN_H
#define SNUG_SERVER_NET_CONN_H

#include "server/net/address.h"
#include "server/net/net.h"

struct secure;
struct tls_context;

struct conn {
    uv_tcp_t tcp;
    struct net *net;
    uint64_t session;
    struct outq *out;      /* the owner's; NULL before the first conn_flush() and after closing */
    struct place *place;   /* where it comes from; NULL: not counted */
    struct secure *secure; /* its TLS; NULL: in clear text */
    uv_write_t *write;     /* in flight, or NULL */
    struct list link;      /* in net.conns, net.greeting or net.ending */
    size_t unsent;         /* of what is in flight, when it was last looked at */
    uint64_t deadline_ms;  /* on the loop's clock, when greeting or ending */
    bool reading;
    bool heard; /* its first bytes have come */
    bool greeting;
    bool eof;    /* the other side sends nothing more */
    bool broken; /* it reads nothing more either */
    bool ending;
    bool shut; /* our side of it has been shut down */
};

/* Takes a connection from a listening stream, and tells the owner: at once, or, where `tls` is not
 * NULL, when the handshake is done. 0, or a libuv error. */
int conn_accept(struct net *net, uv_stream_t *listening, void *door, struct tls_context *tls);

/* Sends what is queued, as far as the system takes it now; the rest follows by itself. The queue is
 * borrowed until the connection is closed. */
void conn_flush(struct conn *conn, struct outq *out);

/* Reads again if the owner has space. */
void conn_resume(struct conn *conn);

/* Closes it when all that is queued has been sent, and read or NET_LINGER_MS have passed. */
void conn_end(struct conn *conn);

/* Closes it now, tells the owner, and frees itself when the loop says so. */
void conn_close(struct conn *conn);

/* Tells the owner why, and closes it now. */
void conn_turn_away(struct conn *conn, const char *why);

/* Tells the owner if the other side has taken some of what is in flight since the last call. */
void conn_note_progress(struct conn *conn);

/* For secure.c. */

/* Tells the owner of a connection that is ready to talk. False if it is closed now. */
bool conn_open(struct conn *conn, void *door, const struct origin *origin);

/* The other side sends nothing more, for a reason that others may see. */
void conn_input_ended(struct conn *conn, const char *reason);

/* The other side takes nothing more: a libuv error. */
void conn_output_failed(struct conn *conn, int error);

/* What was in flight has been sent, or not (a libuv error). */
void conn_sent(struct conn *conn, int status);

/* Writes the numeric address of the other side, in a form that can be a word of a protocol. */
void conn_host(const struct conn *conn, char host[ADDRESS_TEXT_MAX]);

#endif
