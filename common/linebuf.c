/* Bytes in, whole lines out. See linebuf.h for the rules. */
#include "common/linebuf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum { STEP_BYTES = 512 };

void linebuf_init(struct linebuf *lb, size_t max_line_bytes, size_t max_waiting_bytes)
{
    assert(max_waiting_bytes > max_line_bytes + 2 && max_waiting_bytes < UINT32_MAX / 2);
    *lb = (struct linebuf){.max_line_bytes = (uint32_t)max_line_bytes,
                           .max_waiting_bytes = (uint32_t)max_waiting_bytes};
}

/* Forgets the bytes, but not that an overlong line is being skipped. */
static void drop_bytes(struct linebuf *lb)
{
    free(lb->data);
    lb->data = NULL;
    lb->start = lb->scanned = lb->end = lb->size = 0;
}

void linebuf_release(struct linebuf *lb)
{
    drop_bytes(lb);
    lb->skipping = lb->can_unread = false;
}

size_t linebuf_waiting(const struct linebuf *lb)
{
    return lb->end - lb->start;
}

size_t linebuf_space(const struct linebuf *lb)
{
    return lb->max_waiting_bytes - linebuf_waiting(lb);
}

static void move_to_front(struct linebuf *lb)
{
    memmove(lb->data, lb->data + lb->start, linebuf_waiting(lb));
    lb->end -= lb->start;
    lb->scanned -= lb->start;
    lb->start = 0;
}

/* Makes the block fit for `bytes` and a NUL behind them; everything held lies at its front. */
static void resize(struct linebuf *lb, size_t bytes)
{
    size_t size = (bytes / STEP_BYTES + 1) * STEP_BYTES;
    if (size == lb->size)
        return;
    lb->data = xrealloc(lb->data, size);
    lb->size = (uint32_t)size;
}

bool linebuf_feed(struct linebuf *lb, const void *bytes, size_t len)
{
    if (len > linebuf_space(lb))
        return false;
    if (!len)
        return true;
    lb->can_unread = false;
    if (len >= lb->size - lb->end) {
        if (lb->start)
            move_to_front(lb);
        if (len >= lb->size - lb->end)
            resize(lb, lb->end + len);
    }
    memcpy(lb->data + lb->end, bytes, len);
    lb->end += (uint32_t)len;
    return true;
}

/* A burst must not leave its big block to the few bytes of an unfinished line. */
static enum linebuf_result nothing_yet(struct linebuf *lb)
{
    if (lb->start == lb->end) {
        drop_bytes(lb);
    } else if (lb->start) {
        move_to_front(lb);
        resize(lb, lb->end);
    }
    return LINE_NONE;
}

/* Gives out the `len` bytes at the start; the next line begins at `next`. */
static enum linebuf_result take(struct linebuf *lb, struct line *line, size_t len, size_t next)
{
    size_t nul = lb->start + len;
    lb->unread_start = lb->start;
    lb->unread_nul = (uint32_t)nul;
    lb->unread_byte = nul < lb->end ? lb->data[nul] : '\0';
    lb->can_unread = true;
    *line = (struct line){lb->data + lb->start, len};
    lb->data[nul] = '\0';
    lb->start = lb->scanned = (uint32_t)next;
    return memchr(line->data, '\0', len) ? LINE_HAS_NUL : LINE_OK;
}

/* The bytes from the start to `end` without a CR at their end, which may belong to the ending. */
static size_t line_len(const struct linebuf *lb, size_t end)
{
    size_t len = end - lb->start;
    return len && lb->data[end - 1] == '\r' ? len - 1 : len;
}

enum linebuf_result linebuf_next(struct linebuf *lb, struct line *line)
{
    *line = (struct line){0};
    lb->can_unread = false;
    while (lb->start < lb->end) {
        char *lf = memchr(lb->data + lb->scanned, '\n', lb->end - lb->scanned);
        size_t stop = lf ? (size_t)(lf - lb->data) : lb->end;
        size_t next = lf ? stop + 1 : stop;
        lb->scanned = (uint32_t)next;
        if (lb->skipping) {
            lb->skipping = !lf;
            lb->start = (uint32_t)next;
            continue;
        }
        size_t len = line_len(lb, stop);
        if (len > lb->max_line_bytes) {
            lb->skipping = !lf;
            lb->start = (uint32_t)next;
            return LINE_TOO_LONG;
        }
        return lf ? take(lb, line, len, next) : nothing_yet(lb);
    }
    return nothing_yet(lb);
}

void linebuf_unread(struct linebuf *lb)
{
    assert(lb->can_unread);
    lb->data[lb->unread_nul] = lb->unread_byte;
    lb->start = lb->scanned = lb->unread_start;
    lb->can_unread = false;
}

enum linebuf_result linebuf_rest(struct linebuf *lb, struct line *line)
{
    *line = (struct line){0};
    lb->can_unread = false;
    size_t len = linebuf_waiting(lb);
    if (!len || lb->skipping)
        return nothing_yet(lb);
    if (len > lb->max_line_bytes) {
        lb->start = lb->end;
        return LINE_TOO_LONG;
    }
    return take(lb, line, len, lb->end);
}
