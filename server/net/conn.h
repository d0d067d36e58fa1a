/* One connection: reads when there is room for what comes, sends what is queued,
 * and closes in such a way that its last words arrive.
 *
 * Invariant: one write is in flight at most, and while it is, its bytes stay where
 * they are in the queue. After conn_close() the session's queue is not touched. */
#ifndef SNUG_SERVER_NET_CONN_H
#define SNUG_SERVER_NET_CONN_H

#include "server/net/net.h"

struct conn {
    uv_tcp_t tcp;
    struct net *net;
    uint64_t session;
    struct outq *out;     /* the owner's; NULL before the first conn_flush() and after closing */
    uv_write_t *write;    /* in flight, or NULL */
    struct list link;     /* in net.conns or net.ending */
    uint64_t deadline_ms; /* on the loop's clock, when ending */
    bool reading;
    bool eof;    /* the other side sends nothing more */
    bool broken; /* it reads nothing more either */
    bool ending;
    bool shut; /* our side of it has been shut down */
};

/* Takes a connection from a listening stream and tells the owner. 0, or a libuv error. */
int conn_accept(struct net *net, uv_stream_t *listening, void *door);

/* Sends what is queued, as far as the system takes it now; the rest follows by itself. The queue is
 * borrowed until the connection is closed. */
void conn_flush(struct conn *conn, struct outq *out);

/* Reads again if the owner has space. */
void conn_resume(struct conn *conn);

/* Closes it when all that is queued has been sent, and read or NET_LINGER_MS have passed. */
void conn_end(struct conn *conn);

/* Closes it now, tells the owner, and frees itself when the loop says so. */
void conn_close(struct conn *conn);

#endif
