/* One connection: reads when there is room for what comes, sends what is queued,
 * and closes in such a way that its last words arrive.
 *
 * Invariant: what the system did not take waits in the owner's queue (of TLS, in
 * secure.c) until the socket takes more; nothing is in flight. After conn_close()
 * the session's queue is not touched, and the struct itself stays until the loop
 * next looks for events. */
#ifndef SNUG_SERVER_NET_CONN_H
#define SNUG_SERVER_NET_CONN_H

#include <sys/types.h>

#include "server/net/address.h"
#include "server/net/net.h"
#include "server/net/poller.h"

struct secure;

struct conn {
    struct watched socket;
    struct net *net;
    uint64_t session;
    struct outq *out; /* the owner's; NULL before the first conn_flush() and after closing */
    struct connlimit_address *address; /* where it comes from; NULL: not counted */
    struct secure *secure;             /* its TLS; NULL: in clear text */
    struct list link;                  /* in net.stages or net.closed */
    uint32_t deadline_ms;              /* see conn_is_late(); where the stage has one */
    uint8_t stage;                     /* enum net_stage */
    bool waiting : 1;                  /* the system takes no more now: it will say when */
    bool reading : 1;
    bool heard : 1;  /* its first bytes have come */
    bool eof : 1;    /* the other side sends nothing more */
    bool broken : 1; /* it reads nothing more either */
    bool shut : 1;   /* our side of it has been shut down */
};

/* A connection of that connected socket, which it owns, from that address: in NET_OPEN, of no session,
 * and not read yet. */
struct conn *conn_new(struct net *net, int fd, const struct sockaddr_storage *peer);

/* Sends what is queued, as far as the system takes it now; the rest follows by itself. The queue is
 * borrowed until the connection is closed. */
void conn_flush(struct conn *conn, struct outq *out);

/* The same with an extent that is not queued yet and comes behind the others; what the system does not
 * take is queued. The owner is told nothing where nothing was left to wait. */
void conn_send_fresh(struct conn *conn, struct outq *out, const struct extent *fresh);

/* Reads again if the owner has space. */
void conn_resume(struct conn *conn);

/* Closes it when all that is queued has been sent, and read or NET_LINGER_MS have passed. */
void conn_end(struct conn *conn);

/* Closes it now and tells the owner; the net frees it before it looks for events again. */
void conn_close(struct conn *conn);

/* For the net: gives back what is closed. */
void conn_free(struct conn *conn);

/* Tells the owner why, and closes it now. */
void conn_turn_away(struct conn *conn, const char *why);

/* For arrival.c and secure.c. */

/* The other side sends nothing more, for a reason that others may see. */
void conn_input_ended(struct conn *conn, const char *reason);

/* The other side takes nothing more: a libuv error. */
void conn_output_failed(struct conn *conn, int error);

/* Hands bytes to the system: how many it took, 0 if it takes none now, or a libuv error. */
ssize_t conn_send(struct conn *conn, const struct iovec *vecs, size_t count);

/* Says a short thing past the queue; false if it did not go out whole. */
bool conn_say(struct conn *conn, const char *text, size_t len);

/* Asks to be called when the system takes more, or no longer; 0, or a libuv error. */
int conn_wait(struct conn *conn, bool waiting);

/* Whether its deadline has passed; of a clock that begins anew every seven weeks only differences count. */
static inline bool conn_is_late(const struct conn *conn)
{
    return (int32_t)((uint32_t)uv_now(conn->net->loop) - conn->deadline_ms) >= 0;
}

static inline bool conn_is_closed(const struct conn *conn)
{
    return conn->socket.fd < 0;
}

/* Writes the numeric address of the other side, in a form that can be a word of a protocol. */
void conn_host(const struct conn *conn, char host[ADDRESS_TEXT_MAX]);

#endif
