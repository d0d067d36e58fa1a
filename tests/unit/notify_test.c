/* Notifications and copies as bytes for the terminal. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "client/term/clipboard.h"
#include "client/term/notify.h"

static const struct {
    enum notify_form form;
    bool through_tmux;
    const char *title, *text, *bytes;
} cases[] = {
    {NOTIFY_FORM_NONE, true, "bob", "hi", ""},
    {NOTIFY_FORM_OSC9, false, "bob", "hi", "\033]9;bob: hi\033\\"},
    {NOTIFY_FORM_OSC777, false, "bob", "hi", "\033]777;notify;bob;hi\033\\"},
    {NOTIFY_FORM_OSC99, false, "bob", "hi",
     "\033]99;i=snug:d=0;bob\033\\\033]99;i=snug:p=body;hi\033\\"},
    {NOTIFY_FORM_OSC9, true, "bob", "hi", "\033Ptmux;\033\033]9;bob: hi\033\033\\\033\\"},
    {NOTIFY_FORM_OSC777, false, "b;b", "1;2\n3", "\033]777;notify;b,b;1,2^J3\033\\"},
};

static void test_forms(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct str out;
        str_init(&out, NOTIFY_MAX_BYTES);
        notify_add(&out, cases[i].form, cases[i].through_tmux, cases[i].title, cases[i].text);
        assert_string_equal(out.data, cases[i].bytes);
        str_release(&out);
    }
}

/* Nobody's words end the sequence and begin another one. */
static void test_harmless(void **state)
{
    (void)state;
    struct str out;
    str_init(&out, NOTIFY_MAX_BYTES);
    notify_add(&out, NOTIFY_FORM_OSC9, false, "b\033\\ob", "\a\033]0;x\a\xc2\x9c");
    for (size_t i = 1; i + 2 < out.len; i++)
        assert_true((unsigned char)out.data[i] >= ' ');
    assert_null(strstr(out.data, "\xc2\x9c"));
    str_release(&out);
}

/* The examples of RFC 4648, 10. */
static void test_clipboard(void **state)
{
    (void)state;
    static const char *const copies[][2] = {
        {"", "\033]52;c;\033\\"},
        {"f", "\033]52;c;Zg==\033\\"},
        {"fo", "\033]52;c;Zm8=\033\\"},
        {"foo", "\033]52;c;Zm9v\033\\"},
        {"foob", "\033]52;c;Zm9vYg==\033\\"},
    };
    struct str out;
    str_init(&out, CLIPBOARD_MAX_BYTES);
    for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); i++) {
        str_reset(&out);
        assert_true(clipboard_add(&out, copies[i][0], strlen(copies[i][0])));
        assert_string_equal(out.data, copies[i][1]);
    }
    assert_false(clipboard_add(&out, "", CLIPBOARD_MAX_BYTES));
    str_release(&out);
}

static void test_too_long(void **state)
{
    (void)state;
    char text[NOTIFY_MAX_BYTES];
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    struct str out;
    str_init(&out, NOTIFY_MAX_BYTES);
    notify_add(&out, NOTIFY_FORM_OSC9, true, "bob", text);
    assert_string_equal(out.data, "");
    str_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_harmless),
        cmocka_unit_test(test_clipboard),
        cmocka_unit_test(test_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
