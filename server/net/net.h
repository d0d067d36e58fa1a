/* The sockets of a server: its listeners and connections on one libuv loop.
 *
 * The net reads, and tells its owner; it sends what lies in the queues that the
 * owner fills. A connection is closed by the owner's word only: the net says that
 * nothing more will come, and the owner ends it when all has been said. What is
 * closed is freed before the loop looks for events again, and nowhere else. Knows no line, no hub and
 * no door but as a pointer to hand on. */
#ifndef SNUG_SERVER_NET_NET_H
#define SNUG_SERVER_NET_NET_H

#include <stdbool.h>
#include <uv.h>

#include "common/list.h"
#include "common/slab.h"
#include "common/str.h"
#include "server/core/types.h"
#include "server/net/connlimit.h"
#include "server/net/outq.h"
#include "server/net/poller.h"

struct conn;

/* Whom the net tells. `ended`, `sent` and `closed` may come from within the owner's own calls. */
struct net_owner {
    void *ctx;

    /* What those are told who speak clear text where TLS is spoken. */
    const char *clear_answer;

    /* And those in clear text who are too many from one address. */
    const char *limit_answer;
    size_t max_each;  /* of one address; 0: any number */
    size_t max_conns; /* descriptors that connections may take, whatever state they are in */
    uint64_t seed;    /* of a hash table */

    /* A connection came in by that listener's door, and has shaken hands if that is to be done
     * there. Returns its session, or SESSION_NONE to have it closed at once. */
    uint64_t (*opened)(void *ctx, struct conn *conn, void *door, const struct origin *origin);

    /* A connection ended before it was opened, or as good as: it speaks another language. */
    void (*turned_away)(void *ctx, const char *host, const char *why);

    /* How many bytes `data` would take now; 0: none, until conn_resume(). */
    size_t (*space)(void *ctx, uint64_t session);
    void (*data)(void *ctx, uint64_t session, const void *bytes, size_t len);

    /* Nothing more will come, for this reason; what is sent may still be read. */
    void (*ended)(void *ctx, uint64_t session, const char *reason);

    /* Some of what was queued has left. */
    void (*sent)(void *ctx, uint64_t session);

    /* It is closed: its queue is not looked at any more, nor may the conn be. */
    void (*closed)(void *ctx, uint64_t session);

    /* A listener could not accept somebody. */
    void (*trouble)(void *ctx, const char *what);
};

enum {
    NET_READ_BYTES = 64 * 1024, /* of the one buffer that all connections read into */
    NET_BACKLOG = 65535,        /* asked for; the system cuts it to its own limit */
    NET_LINGER_MS = 5000,       /* for a connection that is ended to read its last words */
    NET_KEEPALIVE_S = 120,
    NET_HANDSHAKE_MS = 15000,      /* for a TLS handshake */
    NET_AWAITING_HELLO_MAX = 4096, /* who may be about to; one more, and the oldest of them ends */
    NET_HANDSHAKING_MAX = 512,     /* the same of those who have begun, at 44 KB each */
    NET_HANDSHAKES_PER_TURN = 4,   /* that go on, some 2 ms, before the others have their turn */
    NET_CLEAR_BYTES = 16 * 1024,   /* that are encrypted for one write, or decrypted at a time */
    NET_CIPHER_BYTES = 128 * 1024, /* encrypted, and not sent yet, of one connection */
};

/* Where a connection is on its way. */
enum net_stage {
    NET_OPEN,
    NET_AWAITING_HELLO, /* it is to shake hands in TLS, and has not said a word */
    NET_HANDSHAKING,    /* it has begun to: from now on that costs memory */
    NET_ENDING,         /* it may read its last words */
    NET_STAGES,
};

struct net {
    uv_loop_t *loop;
    struct net_owner owner;
    struct slab conns;
    struct list listeners;
    struct list stages[NET_STAGES]; /* of connections, in the order in which they came to it */
    size_t counts[NET_STAGES];
    size_t handshakes_left; /* handshakes that may go on in this turn */
    struct list closed;     /* to be freed when nobody looks at them any more */
    struct connlimit connlimit;
    struct poller poller;
    int spare_fd; /* given up for a moment to turn somebody away when there are no more; or -1 */
    struct str cipher; /* of the connection at hand: encrypted, for sending */
    char clear[NET_CLEAR_BYTES];
    char read_buffer[NET_READ_BYTES];
};

/* A net without sockets on that loop, which it borrows; copies the owner. 0, or a libuv error. */
int net_init(struct net *net, uv_loop_t *loop, const struct net_owner *owner);

/* Closes the connections whose time to shake hands, or to read their last words, is over: about once
 * a second. */
void net_tick(struct net *net);

/* Accepts nobody any more, and nobody who still shakes hands. */
void net_stop_listening(struct net *net);

/* Closes all connections without a word, and looks for events no more: the listeners must be closed.
 * The handle is gone when the loop has run. */
void net_close_all(struct net *net);

/* Gives back what is left when all is closed. */
void net_release(struct net *net);

/* For conn.c and arrival.c. */

/* Puts a connection that is in no list behind those of that stage. */
void net_stage_enter(struct conn *conn, enum net_stage stage);

/* Takes it out of the list of its stage. */
void net_stage_leave(struct conn *conn);

/* From its stage to the end of another, or of the same. */
void net_stage_move(struct conn *conn, enum net_stage stage);

#endif
