/* What waits to be sent to one connection: a queue of extents of shared chunks.
 *
 * Extents that follow each other in their chunk become one, so a busy room costs
 * a recipient one extent a turn. The newest extent lies in the queue itself: an
 * idle queue, and one with a single extent, own no memory of their own. When a
 * further extent begins, the one before it is copied into a buffer of the
 * queue's own if it is small, so that pieces become one piece, and little bytes
 * never keep big chunks alive. The queue refuses nothing: whoever fills it asks
 * for its bytes and waits. What lies behind a hold is queued and not to be sent
 * yet. Knows no socket. */
#ifndef SNUG_SERVER_NET_OUTQ_H
#define SNUG_SERVER_NET_OUTQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "server/net/chunk.h"

enum {
    OUTQ_MAX_BYTES = 1024 * 1024, /* pending: a reader is too slow for more, unless configured */
    OUTQ_SMALL_BYTES = CHUNK_BYTES / 4, /* extents below this do not keep a shared chunk */
};

#define OUTQ_ALL UINT32_MAX

struct outq_older;

struct outq {
    uint32_t bytes;           /* in all extents */
    uint32_t open;            /* the oldest, up to the hold; OUTQ_ALL: there is none */
    struct extent last;       /* the newest; chunk NULL: none */
    struct outq_older *older; /* those before it; NULL: none */
};

/* An empty queue; allocates nothing. */
void outq_init(struct outq *q);

/* Gives back every chunk and all memory; the queue is empty then. */
void outq_release(struct outq *q);

/* Use outq_add(). */
void outq_begin_extent(struct outq *q, struct extent extent);

/* Queues an extent behind the others; takes a reference of its chunk if it does not continue the
 * newest. An empty extent is ignored. */
static inline void outq_add(struct outq *q, struct extent extent)
{
    q->bytes += extent.len;
    if (q->last.chunk == extent.chunk && q->last.at + q->last.len == extent.at)
        q->last.len += extent.len;
    else if (extent.len > 0)
        outq_begin_extent(q, extent);
}

/* From now on what is queued is not to be sent; a hold that there is stays where it is. */
static inline void outq_hold(struct outq *q)
{
    if (q->open == OUTQ_ALL)
        q->open = q->bytes;
}

/* How many bytes are queued behind the hold. */
static inline uint32_t outq_held(const struct outq *q)
{
    return q->open < q->bytes ? q->bytes - q->open : 0;
}

/* So many of them may be sent, and the others wait on. */
static inline void outq_move_hold(struct outq *q, uint32_t bytes)
{
    uint32_t held = outq_held(q);
    q->open += bytes < held ? bytes : held;
}

/* All may be sent. */
static inline void outq_let_go(struct outq *q)
{
    q->open = OUTQ_ALL;
}

/* How many bytes may be sent now. */
static inline size_t outq_sendable(const struct outq *q)
{
    return q->open < q->bytes ? q->open : q->bytes;
}

/* Points up to max_vecs vectors at the oldest bytes that may be sent; returns how many it filled, and
 * their sum in *bytes. They are valid until the queue is consumed or unpinned. */
size_t outq_peek(const struct outq *q, struct iovec *vecs, size_t max_vecs, size_t *bytes);

/* Forgets the oldest bytes, which have been sent, or are of no use to anybody. */
void outq_consume(struct outq *q, size_t bytes);

/* The system would not take more now: moves every small extent into the queue's own buffer, so that
 * waiting keeps no shared chunk for little. */
void outq_unpin(struct outq *q);

#endif
