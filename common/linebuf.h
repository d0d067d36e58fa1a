/*
 * Bytes in, whole lines out.
 *
 * A line ends at LF or CR LF and at nothing else: a CR elsewhere is a byte of its line, left for the
 * caller to judge. The lines do not depend on how the bytes were cut into pieces. A line that is too
 * long is reported once, as soon as that is known, and skipped to its end.
 *
 * Invariant: at most `max_waiting_bytes` are held. After linebuf_next has returned LINE_NONE no more
 * than one unfinished line waits; and when nothing waits, no memory is held.
 * Knows no UTF-8 and no IRC.
 */
#ifndef SNUG_COMMON_LINEBUF_H
#define SNUG_COMMON_LINEBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum linebuf_result {
    LINE_NONE,     /* no whole line is waiting */
    LINE_OK,       /* a line without NUL bytes */
    LINE_HAS_NUL,  /* a line, given as it is, with at least one NUL inside */
    LINE_TOO_LONG, /* longer than allowed; its bytes are not given and not kept */
};

/* A line without its ending. data[len] is '\0'. */
struct line {
    char *data;
    size_t len;
};

struct linebuf_block;

/* Sixteen bytes while nothing waits: there is one for each connection. */
struct linebuf {
    struct linebuf_block *block; /* what is held; NULL: nothing */
    uint32_t max_line_bytes;
    uint32_t max_waiting_bytes : 31;
    uint32_t skipping : 1; /* within the rest of a line that was too long */
};

/*
 * Makes an empty buffer for lines of at most `max_line_bytes` (their ending not counted), which
 * holds at most `max_waiting_bytes`, more than max_line_bytes + 2. To be ended with linebuf_release.
 */
void linebuf_init(struct linebuf *lb, size_t max_line_bytes, size_t max_waiting_bytes);

/* Gives the memory back and forgets everything held; usable again. */
void linebuf_release(struct linebuf *lb);

/* Says how many bytes linebuf_feed would take now: the most that should be read from a peer. */
size_t linebuf_space(const struct linebuf *lb);

/* Says how many bytes of memory are in use for what is held. */
size_t linebuf_memory(const struct linebuf *lb);

/* Says how many bytes are held, lines that were not taken yet included. */
size_t linebuf_waiting(const struct linebuf *lb);

/* Takes a copy of `len` bytes; false, and nothing taken, if that is more than linebuf_space. */
bool linebuf_feed(struct linebuf *lb, const void *bytes, size_t len);

/*
 * Takes out the next line, borrowed (and free to be changed in place) until the next call on `lb`.
 * `line` is set for LINE_OK and LINE_HAS_NUL, else empty.
 */
enum linebuf_result linebuf_next(struct linebuf *lb, struct line *line);

/*
 * Puts the line that linebuf_next just returned back, so that the next linebuf_next returns it
 * again; the caller must not have changed its bytes. Only directly after that linebuf_next.
 */
void linebuf_unread(struct linebuf *lb);

/*
 * At the end of input: takes out what is left without a line ending, as linebuf_next would. To be
 * called once linebuf_next has returned LINE_NONE. The rest of a line reported as too long is none.
 */
enum linebuf_result linebuf_rest(struct linebuf *lb, struct line *line);

#endif
