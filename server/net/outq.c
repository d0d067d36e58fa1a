#include "server/net/outq.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum {
    OWN_CHUNK_BYTES = 2 * OUTQ_SMALL_BYTES, /* small extents are gathered in chunks of this size */
};

void outq_init(struct outq *q)
{
    *q = (struct outq){0};
}

void outq_release(struct outq *q)
{
    for (uint32_t i = 0; i < q->older_count; i++)
        chunk_unref(q->older[i].chunk);
    if (q->last.chunk)
        chunk_unref(q->last.chunk);
    free(q->older);
    outq_init(q);
}

/* Puts an extent, with its reference, behind the older ones. */
static void push_older(struct outq *q, struct extent extent)
{
    if (q->older_count == q->older_size) {
        q->older_size = q->older_size ? q->older_size * 2 : 4;
        q->older = xreallocarray(q->older, q->older_size, sizeof *q->older);
    }
    q->older[q->older_count++] = extent;
}

/* The newest of the older extents if it ends a chunk of the queue's own with room for `len` more. */
static struct extent *own_tail(struct outq *q, uint32_t len)
{
    if (q->older_count == 0)
        return NULL;
    struct extent *tail = &q->older[q->older_count - 1];
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
        tail = &q->older[q->older_count - 1];
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
    for (uint32_t i = 0; i <= q->older_count && count < max_vecs; i++) {
        const struct extent *e = i < q->older_count ? &q->older[i] : &q->last;
        if (!e->chunk)
            break;
        vecs[count++] = (struct iovec){.iov_base = e->chunk->bytes + e->at, .iov_len = e->len};
        *bytes += e->len;
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

void outq_consume(struct outq *q, size_t bytes)
{
    assert(bytes <= q->bytes);
    if (bytes == q->bytes && bytes > 0 && !q->older) {
        /* What nearly every turn is to nearly every recipient: one piece, and all of it sent. */
        chunk_unref(q->last.chunk);
        q->last = (struct extent){0};
        q->bytes = 0;
        return;
    }
    q->bytes -= bytes;
    uint32_t done = 0;
    while (done < q->older_count && shorten(&q->older[done], &bytes))
        chunk_unref(q->older[done++].chunk);
    q->older_count -= done;
    if (done > 0 && q->older_count > 0)
        memmove(q->older, q->older + done, q->older_count * sizeof *q->older);
    if (q->older_count == 0)
        shorten(&q->last, &bytes);
    if (q->bytes == 0)
        outq_release(q);
}

void outq_unpin(struct outq *q)
{
    if (q->bytes == 0)
        return;
    struct outq old = *q;
    outq_init(q);
    q->bytes = old.bytes;
    push_older(&old, old.last);
    for (uint32_t i = 0; i < old.older_count; i++) {
        if (old.older[i].len < OUTQ_SMALL_BYTES)
            push_copy(q, old.older[i]);
        else
            push_older(q, old.older[i]);
    }
    free(old.older);
    q->last = q->older[--q->older_count];
}
