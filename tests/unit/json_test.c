/* Texts as JSON: whole, and harmless to whoever looks at them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "common/json.h"

static void texts(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "\"\""},
        {"say \"a\\b\"", "\"say \\\"a\\\\b\\\"\""},
        {"\x1b[2J\x07\x7f\n", "\"\\u001b[2J\\u0007\\u007f\\u000a\""},
        {"\xc2\x9b"
         "31m",
         "\"\\u009b31m\""},
        {"\xe2\x80\xae", "\"\\u202e\""},            /* right-to-left override */
        {"\xe2\x80\xa8", "\"\\u2028\""},            /* line separator */
        {"\xf3\xa0\x81\x81", "\"\\udb40\\udc41\""}, /* a tag character */
        {"\xff", "\"\xef\xbf\xbd\""},
        {"gr\xc3\xbc\xc3\x9f \xe4\xb8\xad", "\"gr\xc3\xbc\xc3\x9f \xe4\xb8\xad\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str out;
        str_init(&out, 1000);
        json_string(&out, cases[i].text);
        assert_string_equal(out.data, cases[i].json);
        str_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(texts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
