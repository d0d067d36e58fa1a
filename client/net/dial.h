/*
 * Who answers under a name, on a libuv loop: the name is looked up, and its addresses are raced.
 *
 * They are tried as RFC 8305 (Happy Eyeballs) suggests: in the resolver's order, the next one as soon
 * as one fails or has not answered for a moment; the first that connects wins, the others are dropped.
 * Every dial_start is answered by exactly one event, never from within the call, unless dial_stop comes
 * first.
 *
 * Knows nothing of what is said over a stream, of TLS, or of when to try again.
 */
#ifndef SNUG_CLIENT_NET_DIAL_H
#define SNUG_CLIENT_NET_DIAL_H

#include <stdint.h>
#include <uv.h>

struct dial;

/* What a dial tells its owner; it is at rest then, and may be started again, or freed. */
struct dial_events {
    /* Somebody answers. The owner has the handle from now on, a block of its own: it is to be closed
     * with uv_close, and given to free() when it is. */
    void (*connected)(void *owner, uv_tcp_t *tcp);
    /* libuv's error, of the last address that failed: UV_EAI_NONAME if there is no such name, and
     * UV_ETIMEDOUT if nobody answered in time. */
    void (*failed)(void *owner, int error);
};

/* Makes one that is at rest; `events` is kept and must outlive it. To be ended by dial_free. */
struct dial *dial_new(uv_loop_t *loop, const struct dial_events *events, void *owner);

/* Stops, and gives the memory back; libuv's part of it as its handles close. NULL is nothing to do. */
void dial_free(struct dial *dial);

/* Looks for who answers at `host` and `port` (a number or a service name), which are not kept, for
 * `give_up_ms` at most. Stops what was started before. */
void dial_start(struct dial *dial, const char *host, const char *port, uint64_t give_up_ms);

/* Drops all that goes on; no event follows. */
void dial_stop(struct dial *dial);

#endif
