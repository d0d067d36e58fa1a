/* Telnet's bytes and typed lines as case tables, each stream cut at every pair of points. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/door/plain/telnet.h"
#include "server/door/plain/typed.h"

#define BYTES(literal) literal, sizeof literal - 1
#define SUB_64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define SUB_512 SUB_64 SUB_64 SUB_64 SUB_64 SUB_64 SUB_64 SUB_64 SUB_64

struct stream {
    const char *name;
    const char *bytes;
    size_t len;
    const char *text;
    const char *reply;
};

static const struct stream streams[] = {
    {"text", BYTES("hello\r\n"), "hello\r\n", ""},
    {"UTF-8", BYTES("h\xc3\xa9\n"), "h\xc3\xa9\n", ""},
    {"CR NUL is a line's end", BYTES("one\r\0two\r\0"), "one\r\ntwo\r\n", ""},
    {"CR alone stays", BYTES("one\rtwo"), "one\rtwo", ""},
    {"a NUL long after a CR", BYTES("one\rtwo\0three"), "one\rtwothree", ""},
    {"NUL is nothing", BYTES("a\0b\0\0c"), "abc", ""},
    {"IAC IAC is a byte",
     BYTES("a\xff\xff"
           "b"),
     "a\xff"
     "b",
     ""},
    {"WILL is refused",
     BYTES("a\xff\xfb\x18"
           "b"),
     "ab", "\xff\xfe\x18"},
    {"DO is refused",
     BYTES("a\xff\xfd\x03"
           "b"),
     "ab", "\xff\xfc\x03"},
    {"WONT and DONT are not answered",
     BYTES("\xff\xfc\x01\xff\xfe\x03"
           "b"),
     "b", ""},
    {"an option may be a line's end",
     BYTES("\xff\xfb\n\xff\xfd\r"
           "b"),
     "b", "\xff\xfe\n\xff\xfc\r"},
    {"many", BYTES("\xff\xfb\x18\xff\xfb\x1f\xff\xfd\x01"), "",
     "\xff\xfe\x18\xff\xfe\x1f\xff\xfc\x01"},
    {"subnegotiation",
     BYTES("a\xff\xfa\x1f\0\x50\0\x18\xff\xf0"
           "b"),
     "ab", ""},
    {"with a line's end and an IAC inside",
     BYTES("a\xff\xfa\n\r\xff\xff\n\xff\xf0"
           "b"),
     "ab", ""},
    {"whose end was lost",
     BYTES("a\xff\xfa\x18\xff\xfb\x01"
           "b"),
     "ab", "\xff\xfe\x01"},
    {"the longest",
     BYTES("\xff\xfa" SUB_512 "\xff\xf0"
           "b"),
     "b", ""},
    {"a longer one ends by itself", BYTES("\xff\xfa" SUB_512 "xb"), "b", ""},
    {"keys",
     BYTES("ab\xff\xf7"
           "c\xff\xf8"
           "d"),
     "ab\x7f"
     "c\x15"
     "d",
     ""},
    {"nothing to interrupt",
     BYTES("a\xff\xf1\xff\xf2\xff\xf3\xff\xf4\xff\xf5\xff\xf9\xff\xef"
           "b"),
     "ab", ""},
};

enum { STREAM_COUNT = sizeof streams / sizeof *streams };

static void filter_piece(struct telnet *telnet, struct str *text, struct str *reply,
                         const char *bytes, size_t len)
{
    size_t start = text->len;
    str_add(text, bytes, len);
    str_cut(text, start + telnet_filter(telnet, text->data + start, len, reply));
}

static void check_cut(const struct stream *stream, size_t first, size_t second)
{
    struct telnet telnet = {0};
    struct str text;
    struct str reply;
    str_init(&text, 4096);
    str_init(&reply, 4096);
    filter_piece(&telnet, &text, &reply, stream->bytes, first);
    filter_piece(&telnet, &text, &reply, stream->bytes + first, second - first);
    filter_piece(&telnet, &text, &reply, stream->bytes + second, stream->len - second);
    if (strcmp(text.data, stream->text) != 0 || strcmp(reply.data, stream->reply) != 0)
        fail_msg("%s, cut at %zu and %zu", stream->name, first, second);
    assert_int_equal(telnet.state, TELNET_TEXT);
    str_release(&text);
    str_release(&reply);
}

static void test_every_cut(void **state)
{
    (void)state;
    for (const struct stream *stream = streams; stream < streams + STREAM_COUNT; stream++) {
        for (size_t first = 0; first <= stream->len; first++) {
            for (size_t second = first; second <= stream->len; second++)
                check_cut(stream, first, second);
        }
    }
}

static void test_are_you_there_is_answered_once_a_piece(void **state)
{
    (void)state;
    struct telnet telnet = {0};
    char bytes[] = "a\xff\xf6\xff\xf6\xff\xf6";
    struct str reply;
    str_init(&reply, 64);
    assert_int_equal(telnet_filter(&telnet, bytes, sizeof bytes - 1, &reply), 1);
    assert_string_equal(reply.data, "Yes, here.\r\n");
    str_release(&reply);
}

struct typed {
    const char *line;
    const char *text; /* NULL: refused */
};

static void test_typed(void **state)
{
    (void)state;
    static const struct typed lines[] = {
        {"", ""},
        {"hello", "hello"},
        {"helko\b\blo", "hello"},
        {"helko\x7f\x7flo", "hello"},
        {"\b\bx", "x"},
        {"e\xcc\x81\x7fx", "x"}, /* a letter and its accent are one key */
        {"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\bx", "x"},
        {"one two\x17three", "one three"},
        {"one\x15two", "two"},
        {"\x17\x15", ""},
        {"a\tb", "a b"},
        {"a\x1b[Ab", "a^[[Ab"},
        {"\x01VERSION\x01", "^AVERSION^A"},
        {"a\rb", "a^Mb"},
        {"\xff", NULL},
        {"gr\xfcn", NULL},
        {"gr\xfc\x7f\xc3\xbcn", "gr\xc3\xbcn"}, /* what was wrong was taken back */
        {"\xed\xa0\x80", NULL},
    };
    struct str text;
    str_init(&text, 64);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        bool good = plain_typed(&text, lines[i].line, strlen(lines[i].line));
        assert_int_equal(good, lines[i].text != NULL);
        if (good)
            assert_string_equal(text.data, lines[i].text);
    }
    str_release(&text);
}

static void test_shown(void **state)
{
    (void)state;
    static const struct typed texts[] = {
        {"plain", "plain"},
        {"\x02"
         "bold\x02 \x1ditalic\x0f",
         "bold italic"},
        {"\x03"
         "04red\x03",
         "red"},
        {"\x03"
         "4,12red",
         "red"},
        {"\x03"
         "123",
         "3"},
        {"\x03"
         "1,x",
         ",x"},
        {"\x03", ""},
        {"\x04"
         "ff0000red",
         "red"},
        {"\x04"
         "ff",
         "ff"},
        {"\x1b[31m", "^[[31m"},
        {"a\tb", "a b"},
        {"\xc2\x9b"
         "31m",
         "\xef\xbf\xbd"
         "31m"},
    };
    struct str text;
    str_init(&text, 64);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        str_reset(&text);
        plain_shown(&text, texts[i].line, strlen(texts[i].line));
        assert_string_equal(text.data, texts[i].text);
    }
    str_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_cut),
        cmocka_unit_test(test_are_you_there_is_answered_once_a_piece),
        cmocka_unit_test(test_typed),
        cmocka_unit_test(test_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
