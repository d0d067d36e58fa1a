#include "server/net/chunk.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct chunk *chunk_new(size_t size)
{
    assert(size <= UINT32_MAX);
    struct chunk *chunk = xmalloc(sizeof *chunk + size);
    chunk->refs = 1;
    chunk->len = 0;
    chunk->size = (uint32_t)size;
    return chunk;
}

void chunk_unref(struct chunk *chunk)
{
    assert(chunk->refs > 0);
    if (--chunk->refs == 0)
        free(chunk);
}

void chunk_writer_init(struct chunk_writer *writer)
{
    writer->current = NULL;
}

void chunk_writer_release(struct chunk_writer *writer)
{
    if (writer->current)
        chunk_unref(writer->current);
    writer->current = NULL;
}

/* Makes sure that `len` more bytes fit into the current chunk. */
static struct chunk *make_room(struct chunk_writer *writer, size_t len)
{
    struct chunk *chunk = writer->current;
    if (chunk && chunk->size - chunk->len >= len)
        return chunk;
    chunk_writer_release(writer);
    writer->current = chunk_new(len > CHUNK_BYTES ? len : CHUNK_BYTES);
    return writer->current;
}

struct extent chunk_write(struct chunk_writer *writer, const void *bytes, size_t len)
{
    if (len == 0)
        return (struct extent){0};
    struct chunk *chunk = make_room(writer, len);
    struct extent extent = {.chunk = chunk, .at = chunk->len, .len = (uint32_t)len};
    memcpy(chunk->bytes + chunk->len, bytes, len);
    chunk->len += (uint32_t)len;
    return extent;
}

void chunk_writer_rewind(struct chunk_writer *writer)
{
    struct chunk *chunk = writer->current;
    if (!chunk || chunk->refs > 1)
        return;
    if (chunk->size > CHUNK_BYTES)
        chunk_writer_release(writer);
    else
        chunk->len = 0;
}
