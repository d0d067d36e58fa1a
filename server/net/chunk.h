/* Bytes that many connections are to be sent, kept once.
 *
 * A chunk is a reference-counted block that is only ever appended to: what lies
 * in it never moves and never changes while anybody holds a reference. A chunk
 * writer owns the chunk that is being filled. One thread; no atomic counts.
 * Knows no connection and no socket. */
#ifndef SNUG_SERVER_NET_CHUNK_H
#define SNUG_SERVER_NET_CHUNK_H

#include <stddef.h>
#include <stdint.h>

enum {
    CHUNK_BYTES =
        16 * 1024, /* of an ordinary chunk; one larger piece gets a chunk of its own size */
};

struct chunk {
    uint32_t refs;
    uint32_t len;
    uint32_t size;
    char bytes[];
};

/* A piece of a chunk. Holds no reference by itself. */
struct extent {
    struct chunk *chunk;
    uint32_t at;
    uint32_t len;
};

struct chunk_writer {
    struct chunk *current; /* NULL: nothing is owned */
};

/* A chunk with one reference, no bytes, and room for `size` of them. */
struct chunk *chunk_new(size_t size);

static inline void chunk_ref(struct chunk *chunk)
{
    chunk->refs++;
}

/* Gives one reference back; the last one frees the chunk. */
void chunk_unref(struct chunk *chunk);

/* A writer that owns nothing yet. */
void chunk_writer_init(struct chunk_writer *writer);
void chunk_writer_release(struct chunk_writer *writer);

/* Copies the bytes, in one piece, behind what was written before. The extent is valid until
 * the writer rewinds; whoever keeps it longer takes a reference. */
struct extent chunk_write(struct chunk_writer *writer, const void *bytes, size_t len);

/* Fills the current chunk from its start again if nobody else refers to it: then a busy server
 * stays within the same few pages. Nobody may hold an unreferenced extent of it. */
void chunk_writer_rewind(struct chunk_writer *writer);

#endif
