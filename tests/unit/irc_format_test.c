/* IRC lines written: their form, their limits, and that no bytes can break out of their place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"
#include "common/irc/message.h"
#include "common/irc/numerics.h"
#include "common/str.h"

static void lines_of_all_forms(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, 4096);
    irc_begin(&out, NULL, "PING");
    irc_trailing(&out, "x");
    assert_true(irc_end(&out));
    irc_begin(&out, "lab.local", "PONG");
    irc_param(&out, "lab.local");
    irc_end(&out);
    irc_numeric(&out, "lab.local", RPL_WELCOME, "*");
    irc_trailingf(&out, "Welcome, %s", "ada");
    irc_end(&out);
    irc_numeric(&out, "s", RPL_TOPICWHOTIME, "ada");
    irc_param(&out, "#a");
    irc_param(&out, "1795168800");
    irc_end(&out);
    irc_tag(&out, "time", "2026-11-20T10:00:00.000Z");
    irc_tag(&out, "solo", NULL);
    irc_tags_raw(&out, "+typing=active", 14);
    irc_tags_raw(&out, "", 0);
    irc_begin(&out, "n!u@h", "TAGMSG");
    irc_param(&out, "#a");
    irc_end(&out);
    irc_line(&out, "n!u@h", "KICK", "#a", "bob", "too loud", NULL);
    irc_line(&out, NULL, "QUIT", NULL);
    assert_string_equal(out.data,
                        "PING :x\r\n"
                        ":lab.local PONG lab.local\r\n"
                        ":lab.local 001 * :Welcome, ada\r\n"
                        ":s 333 ada #a 1795168800\r\n"
                        "@time=2026-11-20T10:00:00.000Z;solo;+typing=active :n!u@h TAGMSG #a\r\n"
                        ":n!u@h KICK #a bob :too loud\r\n"
                        "QUIT\r\n");
    str_release(&out);
}

static void no_bytes_break_out(void **state)
{
    (void)state;
    static const struct {
        const char *text, *line;
    } cases[] = {
        {"plain", "@k=plain X plain :plain\r\n"},
        {"a b", "@k=a\\sb X a_b :a b\r\n"},
        {"", "@k X * :\r\n"},
        {":x", "@k=:x X _x ::x\r\n"},
        {"a\r\nQUIT", "@k=a\\r\\nQUIT X a__QUIT :a  QUIT\r\n"},
        {"a;b", "@k=a\\:b X a;b :a;b\r\n"},
        {" ", "@k=\\s X _ : \r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out;
        str_init(&out, 4096);
        irc_tag(&out, "k", cases[i].text);
        irc_begin(&out, NULL, "X");
        irc_param(&out, cases[i].text);
        irc_trailing(&out, cases[i].text);
        assert_true(irc_end(&out));
        assert_string_equal(out.data, cases[i].line);
        str_release(&out);
    }
    struct str out;
    str_init(&out, 4096);
    irc_begin(&out, "ev il\r\n", "X\nY");
    irc_trailing_bytes(&out, "a\0b", 3);
    irc_end(&out);
    assert_string_equal(out.data, ":ev_il__ X_Y :a b\r\n");
    str_reset(&out);
    irc_begin(&out, NULL, "X");
    irc_trailingf(&out, "%s", "a\r\nb");
    irc_end(&out);
    assert_string_equal(out.data, "X :a  b\r\n");
    str_release(&out);
}

static void a_long_body_is_cut_at_a_cluster(void **state)
{
    (void)state;
    struct str out, text;
    str_init(&out, 20000);
    str_init(&text, 20000);
    while (text.len < 2000)
        str_adds(&text, "e\u0301");
    str_adds(&out, "EARLIER\r\n");
    for (size_t pad = 0; pad < 3; pad++) {
        size_t start = out.len;
        irc_tag(&out, "k", text.data);
        irc_begin(&out, NULL, "X");
        irc_trailingf(&out, "%.*s%s", (int)pad, "zz", text.data);
        assert_true(irc_end(&out));
        const char *body = strchr(out.data + start, ' ') + 1;
        size_t body_len = strlen(body);
        assert_in_range(body_len, 510, 512);
        assert_int_equal((body_len - 2 - strlen("X :") - pad) % 3, 0);
        assert_string_equal(body + body_len - 2, "\r\n");
    }
    assert_memory_equal(out.data, "EARLIER\r\n", 9);
    str_release(&text);
    str_release(&out);
}

static void the_body_limit_is_exact(void **state)
{
    (void)state;
    for (size_t len = 505; len <= 515; len++) {
        struct str out;
        str_init(&out, 4096);
        irc_begin(&out, NULL, "X");
        str_adds(&out, " :");
        while (out.len < len)
            str_addc(&out, 'y');
        assert_true(irc_end(&out));
        assert_int_equal(out.len, (len < 510 ? len : 510) + 2);
        str_release(&out);
    }
}

static void what_does_not_fit_leaves_no_trace(void **state)
{
    (void)state;
    enum { FIRST = 26, SECOND = FIRST + 28, THIRD = SECOND + 3 };
    for (size_t max = 0; max < 70; max++) {
        struct str out;
        str_init(&out, max);
        bool first = irc_line(&out, "n!u@h", "PRIVMSG", "#a", "hello", NULL);
        irc_tag(&out, "k", "v");
        irc_begin(&out, NULL, "PRIVMSG");
        irc_trailing(&out, "a longer one");
        bool second = irc_end(&out);
        bool third = irc_line(&out, NULL, "X", NULL);
        assert_int_equal(first, max >= FIRST);
        assert_int_equal(second, max >= SECOND);
        assert_int_equal(third, max >= THIRD);
        assert_int_equal(out.len, third ? THIRD : second ? SECOND : first ? FIRST : 0);
        assert_int_equal(out.overflow, !third);
        str_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_all_forms),
        cmocka_unit_test(no_bytes_break_out),
        cmocka_unit_test(a_long_body_is_cut_at_a_cluster),
        cmocka_unit_test(the_body_limit_is_exact),
        cmocka_unit_test(what_does_not_fit_leaves_no_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
