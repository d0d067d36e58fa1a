/* Where links begin and end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "client/model/link.h"
#include "common/str.h"

static void links_in_a_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *links; /* with a blank between them */
    } cases[] = {
        {"", ""},
        {"nothing, http: or https://", ""},
        {"see https://a.b/c.", "https://a.b/c"},
        {"(http://a.b/c)", "http://a.b/c"},
        {"[HTTP://a.b/c]!", "HTTP://a.b/c"},
        {"http://a/w_(x), yes", "http://a/w_(x)"},
        {"<https://a/> http://b", "https://a/ http://b"},
        {"https://a,https://b", "https://a,https://b"},
        {"xhttp://a http://b", "http://b"},
        {"https://a/\u00e4?q=1#x\"", "https://a/\u00e4?q=1#x"},
        {"https://a\033]8;;https://b", "https://a https://b"},
        {"http://[::1]:80/", "http://[::1]:80/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str found;
        struct link_span span;
        str_init(&found, 1000);
        for (size_t at = 0; link_next(cases[i].text, at, &span); at = span.to) {
            str_adds(&found, found.len > 0 ? " " : "");
            str_add(&found, cases[i].text + span.from, span.to - span.from);
        }
        assert_string_equal(found.data, cases[i].links);
        str_release(&found);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_in_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
