#include "server/net/outq.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum {
    OWN_CHUNK_BYTES = 2 * OUTQ_SMALL_BYTES, /* small extents are gathered in chunks of this size */
};

/* The oldest first. */
struct outq_older {
    uint32_t count;
    uint32_t size; /* there is room for */
    struct extent extents[];
};

static uint32_t older_count(const struct outq *q)
{
    return q->older ? q->older->count : 0;
}

void outq_init(struct outq *q)
{
    *q = (struct outq){.open = OUTQ_ALL};
}

/* The hold stays. */
static void drop_all(struct outq *q)
{
    for (uint32_t i = 0; i < older_count(q); i++)
        chunk_unref(q->older->extents[i].chunk);
    if (q->last.chunk)
        chunk_unref(q->last.chunk);
    free(q->older);
    *q = (struct outq){.open = q->open};
}

void outq_release(struct outq *q)
{
    drop_all(q);
    outq_init(q);
}

/* Puts an extent, with its reference, behind the older ones. */
static void push_older(struct outq *q, struct extent extent)
{
    uint32_t count = older_count(q);
    if (!q->older || count == q->older->size) {
        uint32_t size = count ? count * 2 : 4;
        q->older = xrealloc(q->older, sizeof *q->older + size * sizeof extent);
        q->older->size = size;
    }
    q->older->extents[count] = extent;
    q->older->count = count + 1;
}

/* The newest of the older extents if it ends a chunk of the queue's own with room for `len` more. */
static struct extent *own_tail(struct outq *q, uint32_t len)
{
    if (older_count(q) == 0)
        return NULL;
    struct extent *tail = &q->older->extents[q->older->count - 1];
    struct chunk *chunk = tail->chunk;
    bool own = chunk->refs == 1 && chunk->size == OWN_CHUNK_BYTES;
    return own && tail->at + tail->len == chunk->len && chunk->size - chunk->len >= len ? tail
                                                                                        : NULL;
}

/* Copies a small extent behind the older ones, into a chunk that nobody else refers to. */
static void push_copy(struct outq *q, struct extent extent)
{
    struct extent *tail = own_tail(q, extent.len);
    if (!tail) {
        push_older(q, (struct extent){.chunk = chunk_new(OWN_CHUNK_BYTES)});
        tail = &q->older->extents[q->older->count - 1];
    }
    struct chunk *own = tail->chunk;
    memcpy(own->bytes + own->len, extent.chunk->bytes + extent.at, extent.len);
    own->len += extent.len;
    tail->len += extent.len;
    chunk_unref(extent.chunk);
}

void outq_begin_extent(struct outq *q, struct extent extent)
{
    /* outq_add() has counted the new bytes already. */
    if (q->last.chunk) {
        if (q->last.len < OUTQ_SMALL_BYTES)
            push_copy(q, q->last);
        else
            push_older(q, q->last);
    }
    chunk_ref(extent.chunk);
    q->last = extent;
}

size_t outq_peek(const struct outq *q, struct iovec *vecs, size_t max_vecs, size_t *bytes)
{
    size_t count = 0;
    *bytes = 0;
    uint32_t older = older_count(q);
    size_t left = outq_sendable(q);
    for (uint32_t i = 0; left > 0 && count < max_vecs; i++) {
        const struct extent *e = i < older ? &q->older->extents[i] : &q->last;
        size_t len = e->len < left ? e->len : left;
        vecs[count++] = (struct iovec){.iov_base = e->chunk->bytes + e->at, .iov_len = len};
        *bytes += len;
        left -= len;
    }
    return count;
}

/* Takes `*bytes` from an extent's front, as many as it has; true when nothing of it is left. */
static bool shorten(struct extent *extent, size_t *bytes)
{
    uint32_t taken = *bytes < extent->len ? (uint32_t)*bytes : extent->len;
    extent->at += taken;
    extent->len -= taken;
    *bytes -= taken;
    return extent->len == 0;
}

static void consume_older(struct outq *q, size_t *bytes)
{
    struct outq_older *older = q->older;
    uint32_t done = 0;
    while (older && done < older->count && shorten(&older->extents[done], bytes))
        chunk_unref(older->extents[done++].chunk);
    if (done == 0)
        return;
    older->count -= done;
    memmove(older->extents, older->extents + done, older->count * sizeof *older->extents);
}

void outq_consume(struct outq *q, size_t bytes)
{
    assert(bytes <= q->bytes);
    if (q->open != OUTQ_ALL)
        q->open -= bytes < q->open ? (uint32_t)bytes : q->open;
    if (bytes == q->bytes && bytes > 0 && !q->older) {
        /* What nearly every turn is to nearly every recipient: one piece, and all of it sent. */
        chunk_unref(q->last.chunk);
        q->last = (struct extent){0};
        q->bytes = 0;
        return;
    }
    q->bytes -= (uint32_t)bytes;
    consume_older(q, &bytes);
    if (older_count(q) == 0)
        shorten(&q->last, &bytes);
    if (q->bytes == 0)
        drop_all(q);
}

void outq_unpin(struct outq *q)
{
    if (q->bytes == 0)
        return;
    struct outq old = *q;
    outq_init(q);
    q->bytes = old.bytes;
    q->open = old.open;
    push_older(&old, old.last);
    for (uint32_t i = 0; i < old.older->count; i++) {
        if (old.older->extents[i].len < OUTQ_SMALL_BYTES)
            push_copy(q, old.older->extents[i]);
        else
            push_older(q, old.older->extents[i]);
    }
    free(old.older);
    q->last = q->older->extents[--q->older->count];
}
