/* Framing as case tables, each stream fed in one piece, byte by byte, and cut at every pair of points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/linebuf.h"
#include "common/str.h"

enum { MAX_LINE_BYTES = 8 };

struct stream {
    const char *name;
    const char *bytes;
    size_t len;
    const char *lines; /* as `note` writes them; the rest at the end of input is behind '$' */
};

#define BYTES(literal) literal, sizeof literal - 1

static const struct stream streams[] = {
    {"nothing", BYTES(""), ""},
    {"LF", BYTES("one\ntwo\n"), "[one][two]"},
    {"CR LF", BYTES("one\r\ntwo\r\n"), "[one][two]"},
    {"both", BYTES("one\r\ntwo\nthree\r\n"), "[one][two][three]"},
    {"empty lines", BYTES("\n\r\n\na\n"), "[][][][a]"},
    {"bare CR stays inside", BYTES("a\rb\r\n"), "[a<CR>b]"},
    {"bare CR in front", BYTES("\ra\n"), "[<CR>a]"},
    {"only the last CR goes", BYTES("a\r\r\n"), "[a<CR>]"},
    {"LF CR", BYTES("a\n\rb\n"), "[a][<CR>b]"},
    {"NUL", BYTES("a\0b\nc\n"), "0[a<NUL>b][c]"},
    {"NUL alone", BYTES("\0\n\0\r\n"), "0[<NUL>]0[<NUL>]"},
    {"exactly the longest", BYTES("12345678\n12345678\r\n"), "[12345678][12345678]"},
    {"one too long", BYTES("123456789\nab\n"), "!{}[ab]"},
    {"one too long, CR LF", BYTES("123456789\r\nab\r\n"), "!{}[ab]"},
    {"a bare CR makes it too long", BYTES("12345678\r\r\nab\n"), "!{}[ab]"},
    {"much too long, once", BYTES("1234567890123456789012345678901234567890\nab\n"), "!{}[ab]"},
    {"two too long", BYTES("1234567890\n1234567890\nab\n"), "!{}!{}[ab]"},
    {"too long with a NUL", BYTES("\0\0\0\0\0\0\0\0\0\nab\n"), "!{}[ab]"},
    {"too long with CRs", BYTES("\r\r\r\r\r\r\r\r\r\r\nab\n"), "!{}[ab]"},
    {"rest", BYTES("one\ntwo"), "[one]$[two]"},
    {"rest with CR", BYTES("one\ntwo\r"), "[one]$[two<CR>]"},
    {"rest with NUL", BYTES("a\0"), "$0[a<NUL>]"},
    {"longest rest", BYTES("12345678"), "$[12345678]"},
    {"rest too long for its CR", BYTES("12345678\r"), "$!{}"},
    {"rest of a line too long", BYTES("one\n1234567890"), "[one]!{}"},
    {"not UTF-8", BYTES("\xff\xfe\n"), "[\xff\xfe]"},
};

enum { N_STREAMS = sizeof streams / sizeof *streams };

static void note(struct str *notes, enum linebuf_result result, const struct line *line)
{
    if (result == LINE_TOO_LONG) {
        assert_null(line->data);
        str_adds(notes, "!{}");
        return;
    }
    str_adds(notes, result == LINE_HAS_NUL ? "0[" : "[");
    for (size_t i = 0; i < line->len; i++) {
        if (line->data[i] == '\r' || !line->data[i])
            str_adds(notes, line->data[i] ? "<CR>" : "<NUL>");
        else
            str_addc(notes, line->data[i]);
    }
    assert_int_equal(line->data[line->len], '\0');
    str_addc(notes, ']');
}

static void drain(struct linebuf *lb, struct str *notes)
{
    struct line line;
    enum linebuf_result result;
    while ((result = linebuf_next(lb, &line)) != LINE_NONE)
        note(notes, result, &line);
}

static void end(struct linebuf *lb, struct str *notes)
{
    struct line line;
    enum linebuf_result result = linebuf_rest(lb, &line);
    if (result != LINE_NONE) {
        str_addc(notes, '$');
        note(notes, result, &line);
    }
    assert_int_equal(linebuf_rest(lb, &line), LINE_NONE);
    assert_int_equal(linebuf_memory(lb), 0);
}

/* Reads the stream cut at two points; lines are taken between the pieces, or only at the end. */
static void read_cut(const struct stream *s, size_t first, size_t second, bool drain_between)
{
    struct linebuf lb;
    struct str notes;
    const size_t cuts[] = {0, first, second, s->len};
    linebuf_init(&lb, MAX_LINE_BYTES, 100);
    str_init(&notes, 1000);
    for (size_t i = 0; i < 3; i++) {
        assert_true(linebuf_feed(&lb, s->bytes + cuts[i], cuts[i + 1] - cuts[i]));
        if (drain_between)
            drain(&lb, &notes);
    }
    drain(&lb, &notes);
    end(&lb, &notes);
    if (strcmp(notes.data, s->lines) != 0)
        fail_msg("%s, cut at %zu and %zu: %s", s->name, first, second, notes.data);
    str_release(&notes);
    linebuf_release(&lb);
}

static void every_cut_gives_the_same_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_STREAMS; i++) {
        for (size_t first = 0; first <= streams[i].len; first++) {
            for (size_t second = first; second <= streams[i].len; second++) {
                read_cut(&streams[i], first, second, true);
                read_cut(&streams[i], first, second, false);
            }
        }
    }
}

static void byte_by_byte_gives_the_same_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_STREAMS; i++) {
        struct linebuf lb;
        struct str notes;
        linebuf_init(&lb, MAX_LINE_BYTES, MAX_LINE_BYTES + 3);
        str_init(&notes, 1000);
        for (size_t n = 0; n < streams[i].len; n++) {
            assert_true(linebuf_feed(&lb, streams[i].bytes + n, 1));
            drain(&lb, &notes);
        }
        end(&lb, &notes);
        assert_string_equal(notes.data, streams[i].lines);
        str_release(&notes);
        linebuf_release(&lb);
    }
}

static void too_long_is_said_before_the_line_ends(void **state)
{
    (void)state;
    struct linebuf lb;
    struct line line;
    linebuf_init(&lb, 4, 100);
    linebuf_feed(&lb, "1234\r", 5);
    assert_int_equal(linebuf_next(&lb, &line), LINE_NONE);
    linebuf_feed(&lb, "x", 1);
    assert_int_equal(linebuf_next(&lb, &line), LINE_TOO_LONG);
    for (int i = 0; i < 1000; i++) {
        assert_true(linebuf_feed(&lb, "yyyyyyyyyyyyyyyyyyyy", 20));
        assert_int_equal(linebuf_next(&lb, &line), LINE_NONE);
        assert_int_equal(linebuf_memory(&lb), 0);
    }
    linebuf_release(&lb);
}

static void no_more_than_the_maximum_waits(void **state)
{
    (void)state;
    struct linebuf lb;
    struct line line;
    linebuf_init(&lb, 4, 10);
    assert_int_equal(linebuf_space(&lb), 10);
    assert_false(linebuf_feed(&lb, "1\n2\n3\n4\n5\n6", 11));
    assert_int_equal(linebuf_waiting(&lb), 0);
    assert_true(linebuf_feed(&lb, "1\n2\n3\n4\n5\n", 10));
    assert_int_equal(linebuf_space(&lb), 0);
    assert_false(linebuf_feed(&lb, "6", 1));
    assert_int_equal(linebuf_next(&lb, &line), LINE_OK);
    assert_int_equal(linebuf_space(&lb), 2);
    assert_true(linebuf_feed(&lb, "6\n", 2));
    for (int i = 2; i <= 6; i++) {
        assert_int_equal(linebuf_next(&lb, &line), LINE_OK);
        assert_int_equal(*line.data, '0' + i);
    }
    linebuf_release(&lb);
}

static void a_line_can_be_put_back(void **state)
{
    (void)state;
    static const char *const endings[] = {"\n", "\r\n"};
    for (size_t i = 0; i < 2; i++) {
        struct linebuf lb;
        struct line line;
        linebuf_init(&lb, 8, 100);
        linebuf_feed(&lb, "one", 3);
        linebuf_feed(&lb, endings[i], strlen(endings[i]));
        linebuf_feed(&lb, "two\n", 4);
        size_t waiting = linebuf_waiting(&lb);
        for (int times = 0; times < 3; times++) {
            assert_int_equal(linebuf_next(&lb, &line), LINE_OK);
            assert_string_equal(line.data, "one");
            linebuf_unread(&lb);
            assert_int_equal(linebuf_waiting(&lb), waiting);
            linebuf_feed(&lb, "x", 1);
            waiting++;
        }
        linebuf_next(&lb, &line);
        assert_string_equal(line.data, "one");
        linebuf_next(&lb, &line);
        assert_string_equal(line.data, "two");
        assert_int_equal(linebuf_next(&lb, &line), LINE_NONE);
        linebuf_rest(&lb, &line);
        assert_string_equal(line.data, "xxx");
        linebuf_unread(&lb);
        linebuf_rest(&lb, &line);
        assert_string_equal(line.data, "xxx");
        linebuf_release(&lb);
    }
}

static void a_burst_leaves_no_big_block(void **state)
{
    (void)state;
    struct linebuf lb;
    struct line line;
    struct str burst;
    str_init(&burst, 1 << 17);
    for (int i = 0; i < 10000; i++)
        str_adds(&burst, "line\r\n");
    str_adds(&burst, "half");
    linebuf_init(&lb, 512, 1 << 17);
    assert_true(linebuf_feed(&lb, burst.data, burst.len));
    while (linebuf_next(&lb, &line) == LINE_OK)
        assert_string_equal(line.data, "line");
    assert_true(linebuf_memory(&lb) <= 512);
    linebuf_feed(&lb, " done\n", 6);
    assert_int_equal(linebuf_next(&lb, &line), LINE_OK);
    assert_string_equal(line.data, "half done");
    assert_int_equal(linebuf_next(&lb, &line), LINE_NONE);
    assert_int_equal(linebuf_memory(&lb), 0);
    str_release(&burst);
    linebuf_release(&lb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_gives_the_same_lines),
        cmocka_unit_test(byte_by_byte_gives_the_same_lines),
        cmocka_unit_test(too_long_is_said_before_the_line_ends),
        cmocka_unit_test(no_more_than_the_maximum_waits),
        cmocka_unit_test(a_line_can_be_put_back),
        cmocka_unit_test(a_burst_leaves_no_big_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
