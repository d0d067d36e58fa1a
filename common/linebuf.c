/* Bytes in, whole lines out. See linebuf.h for the rules. */
#include "common/linebuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum { STEP_BYTES = 512 };

/* What is held, and how far it has been looked through. Offsets count from the first of `bytes`. */
struct linebuf_block {
    uint32_t start;        /* first byte not consumed yet */
    uint32_t scanned;      /* no LF lies before this offset */
    uint32_t end;          /* behind the last byte held */
    uint32_t size;         /* bytes there is room for */
    uint32_t unread_start; /* where the line last returned began, for linebuf_unread */
    uint32_t unread_nul;   /* the offset of its NUL, and the byte that stood there */
    char unread_byte;
    bool can_unread;
    char bytes[];
};

void linebuf_init(struct linebuf *lb, size_t max_line_bytes, size_t max_waiting_bytes)
{
    assert(max_waiting_bytes > max_line_bytes + 2 && max_waiting_bytes < UINT32_MAX / 2);
    *lb = (struct linebuf){.max_line_bytes = (uint32_t)max_line_bytes,
                           .max_waiting_bytes = (uint32_t)max_waiting_bytes & INT32_MAX};
}

/* Forgets the bytes, but not that an overlong line is being skipped. */
static void drop_bytes(struct linebuf *lb)
{
    free(lb->block);
    lb->block = NULL;
}

void linebuf_release(struct linebuf *lb)
{
    drop_bytes(lb);
    lb->skipping = false;
}

size_t linebuf_memory(const struct linebuf *lb)
{
    return lb->block ? sizeof *lb->block + lb->block->size : 0;
}

size_t linebuf_waiting(const struct linebuf *lb)
{
    return lb->block ? lb->block->end - lb->block->start : 0;
}

size_t linebuf_space(const struct linebuf *lb)
{
    return lb->max_waiting_bytes - linebuf_waiting(lb);
}

static void move_to_front(struct linebuf_block *block)
{
    memmove(block->bytes, block->bytes + block->start, block->end - block->start);
    block->end -= block->start;
    block->scanned -= block->start;
    block->start = 0;
}

/* Makes the block fit for `bytes` and a NUL behind them; everything held lies at its front. */
static void resize(struct linebuf *lb, size_t bytes)
{
    size_t size = ((sizeof *lb->block + bytes) / STEP_BYTES + 1) * STEP_BYTES - sizeof *lb->block;
    bool is_new = !lb->block;
    if (!is_new && size == lb->block->size)
        return;
    lb->block = xrealloc(lb->block, sizeof *lb->block + size);
    if (is_new)
        *lb->block = (struct linebuf_block){0};
    lb->block->size = (uint32_t)size;
}

/* Sees to it that `len` more bytes and a NUL fit behind what is held. */
static void make_room(struct linebuf *lb, size_t len)
{
    struct linebuf_block *block = lb->block;
    if (!block) {
        resize(lb, len);
        return;
    }
    block->can_unread = false;
    if (len < block->size - block->end)
        return;
    if (block->start)
        move_to_front(block);
    if (len >= block->size - block->end)
        resize(lb, block->end + len);
}

bool linebuf_feed(struct linebuf *lb, const void *bytes, size_t len)
{
    if (len > linebuf_space(lb))
        return false;
    if (!len)
        return true;
    make_room(lb, len);
    memcpy(lb->block->bytes + lb->block->end, bytes, len);
    lb->block->end += (uint32_t)len;
    return true;
}

/* A burst must not leave its big block to the few bytes of an unfinished line. */
static enum linebuf_result nothing_yet(struct linebuf *lb)
{
    struct linebuf_block *block = lb->block;
    if (!block)
        return LINE_NONE;
    if (block->start == block->end) {
        drop_bytes(lb);
    } else if (block->start) {
        move_to_front(block);
        resize(lb, block->end);
    }
    return LINE_NONE;
}

/* Gives out the `len` bytes at the start; the next line begins at `next`. */
static enum linebuf_result take(struct linebuf_block *block, struct line *line, size_t len,
                                size_t next)
{
    size_t nul = block->start + len;
    block->unread_start = block->start;
    block->unread_nul = (uint32_t)nul;
    block->unread_byte = '\0';
    if (nul < block->end)
        block->unread_byte = block->bytes[nul];
    block->can_unread = true;
    *line = (struct line){block->bytes + block->start, len};
    block->bytes[nul] = '\0';
    block->start = block->scanned = (uint32_t)next;
    return memchr(line->data, '\0', len) ? LINE_HAS_NUL : LINE_OK;
}

/* The bytes from the start to `end` without a CR at their end, which may belong to the ending. */
static size_t line_len(const struct linebuf_block *block, size_t end)
{
    size_t len = end - block->start;
    return len && block->bytes[end - 1] == '\r' ? len - 1 : len;
}

enum linebuf_result linebuf_next(struct linebuf *lb, struct line *line)
{
    struct linebuf_block *block = lb->block;
    *line = (struct line){0};
    if (block)
        block->can_unread = false;
    while (block && block->start < block->end) {
        char *lf = memchr(block->bytes + block->scanned, '\n', block->end - block->scanned);
        size_t stop = lf ? (size_t)(lf - block->bytes) : block->end;
        size_t next = lf ? stop + 1 : stop;
        block->scanned = (uint32_t)next;
        if (lb->skipping) {
            lb->skipping = !lf;
            block->start = (uint32_t)next;
            continue;
        }
        size_t len = line_len(block, stop);
        if (len > lb->max_line_bytes) {
            lb->skipping = !lf;
            block->start = (uint32_t)next;
            return LINE_TOO_LONG;
        }
        return lf ? take(block, line, len, next) : nothing_yet(lb);
    }
    return nothing_yet(lb);
}

void linebuf_unread(struct linebuf *lb)
{
    struct linebuf_block *block = lb->block;
    assert(block && block->can_unread);
    block->bytes[block->unread_nul] = block->unread_byte;
    block->start = block->scanned = block->unread_start;
    block->can_unread = false;
}

enum linebuf_result linebuf_rest(struct linebuf *lb, struct line *line)
{
    struct linebuf_block *block = lb->block;
    *line = (struct line){0};
    size_t len = linebuf_waiting(lb);
    if (!len || lb->skipping)
        return nothing_yet(lb);
    if (len > lb->max_line_bytes) {
        block->start = block->end;
        return LINE_TOO_LONG;
    }
    return take(block, line, len, block->end);
}
