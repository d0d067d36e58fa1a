/* Addresses as text, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "server/net/address.h"

static const struct {
    const char *text;
    const char *again; /* NULL: it is no address */
    const char *host;
} cases[] = {
    {"127.0.0.1:6667", "127.0.0.1:6667", "127.0.0.1"},
    {"0.0.0.0:0", "0.0.0.0:0", "0.0.0.0"},
    {"[::1]:6667", "[::1]:6667", "::1"},
    {"[::]:65535", "[::]:65535", "::"},
    {"[2001:DB8:0:0:0:0:0:1]:007", "[2001:db8::1]:7", "2001:db8::1"},
    {"[::ffff:10.0.0.1]:1", "[10.0.0.1]:1", "10.0.0.1"},
    {"", NULL, NULL},
    {":", NULL, NULL},
    {"6667", NULL, NULL},
    {"nonsense", NULL, NULL},
    {"127.0.0.1", NULL, NULL},
    {"127.0.0.1:", NULL, NULL},
    {"127.0.0.1:65536", NULL, NULL},
    {"127.0.0.1:99999", NULL, NULL},
    {"127.0.0.1:123456", NULL, NULL},
    {"127.0.0.1:-1", NULL, NULL},
    {"127.0.0.1: 1", NULL, NULL},
    {"127.0.0.1:0x1", NULL, NULL},
    {"127.0.0.256:1", NULL, NULL},
    {"::1:6667", NULL, NULL},
    {"[]:1", NULL, NULL},
    {"[::1:6667", NULL, NULL},
    {"[127.0.0.1]:1", NULL, NULL},
    {"localhost:6667", NULL, NULL},
    {"1111111111222222222233333333334444444444555555555566666666667777:1", NULL, NULL},
};

static void each_reads_as_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sockaddr_storage address;
        char text[ADDRESS_TEXT_MAX];
        print_message("%s\n", cases[i].text);
        assert_int_equal(address_parse(cases[i].text, &address), cases[i].again != NULL);
        if (!cases[i].again)
            continue;
        address_format(&address, text);
        assert_string_equal(text, cases[i].again);
        address_host(&address, text);
        assert_string_equal(text, cases[i].host);
    }
}

static void no_word_begins_with_a_colon(void **state)
{
    (void)state;
    static const char *const words[][2] = {
        {"[::1]:1", "0::1"},
        {"[::]:1", "0::"},
        {"[2001:db8::]:1", "2001:db8::"},
        {"[::ffff:192.0.2.1]:1", "192.0.2.1"},
        {"192.0.2.1:1", "192.0.2.1"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct sockaddr_storage address;
        char text[ADDRESS_TEXT_MAX];
        assert_true(address_parse(words[i][0], &address));
        address_word(&address, text);
        assert_string_equal(text, words[i][1]);
    }
    struct sockaddr_storage none = {.ss_family = AF_UNSPEC};
    char text[ADDRESS_TEXT_MAX];
    address_word(&none, text);
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_reads_as_it_should),
        cmocka_unit_test(no_word_begins_with_a_colon),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
