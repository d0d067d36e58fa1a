/*
 * Framing: however the bytes are cut, the lines are those of a reader that sees all of them at once.
 *
 * Input: a byte for the longest line, a byte that seeds the cuts, then the stream.
 */
#include <string.h>

#include "common/linebuf.h"
#include "common/str.h"
#include "tests/fuzz/target.h"

/* Writes down what came out, so that two readings can be compared. */
static void note(struct str *notes, enum linebuf_result result, const struct line *line)
{
    str_addf(notes, "%d:%zu:", (int)result, line->len);
    str_add(notes, line->data, line->len);
    str_addc(notes, '\n');
}

static void note_whole(struct str *notes, const char *p, size_t len, size_t max_bytes)
{
    struct line line = {(char *)p, len};
    if (len > max_bytes)
        note(notes, LINE_TOO_LONG, &(struct line){0});
    else
        note(notes, memchr(p, '\0', len) ? LINE_HAS_NUL : LINE_OK, &line);
}

/* The rules once more, for a stream that is there as a whole. */
static void read_whole(struct str *notes, const char *p, size_t len, size_t max_bytes)
{
    for (const char *lf; len && (lf = memchr(p, '\n', len));) {
        size_t line_len = (size_t)(lf - p);
        len -= line_len + 1;
        note_whole(notes, p, line_len - (line_len && lf[-1] == '\r'), max_bytes);
        p = lf + 1;
    }
    if (len)
        note_whole(notes, p, len, max_bytes);
}

static void drain(struct linebuf *lb, struct str *notes, unsigned *dice)
{
    struct line line;
    enum linebuf_result result;
    while ((result = linebuf_next(lb, &line)) != LINE_NONE) {
        *dice = *dice * 1103515245u + 12345u;
        if (result != LINE_TOO_LONG && (*dice >> 16) % 4 == 0)
            linebuf_unread(lb);
        else
            note(notes, result, &line);
    }
    CHECK(linebuf_space(lb) > 0);
}

static void read_in_pieces(struct str *notes, const uint8_t *data, size_t size, size_t max_bytes,
                           unsigned dice)
{
    struct linebuf lb;
    linebuf_init(&lb, max_bytes, max_bytes + 3 + dice % 64);
    while (size) {
        dice = dice * 1103515245u + 12345u;
        size_t piece = 1 + (dice >> 16) % 40;
        piece = piece < size ? piece : size;
        if (!linebuf_feed(&lb, data, piece)) {
            CHECK(piece > linebuf_space(&lb));
            drain(&lb, notes, &dice);
            piece = piece < linebuf_space(&lb) ? piece : linebuf_space(&lb);
            CHECK(linebuf_feed(&lb, data, piece));
        }
        data += piece;
        size -= piece;
        if ((dice >> 8) % 2)
            drain(&lb, notes, &dice);
    }
    drain(&lb, notes, &dice);
    struct line line;
    enum linebuf_result rest = linebuf_rest(&lb, &line);
    if (rest != LINE_NONE)
        note(notes, rest, &line);
    CHECK(linebuf_next(&lb, &line) == LINE_NONE);
    CHECK(linebuf_memory(&lb) == 0);
    linebuf_release(&lb);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct str whole, pieces;
    str_init(&whole, 1 << 26);
    str_init(&pieces, 1 << 26);
    read_whole(&whole, (const char *)data + 2, size - 2, data[0]);
    read_in_pieces(&pieces, data + 2, size - 2, data[0], data[1]);
    CHECK(whole.len == pieces.len);
    CHECK(!memcmp(whole.data, pieces.data, whole.len));
    str_release(&pieces);
    str_release(&whole);
    return 0;
}
