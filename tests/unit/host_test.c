/* Where to go, as it is written on the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "client/config/host.h"
#include "common/str.h"

static void what_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name, *port;
        enum host_scheme scheme;
    } cases[] = {
        {"lab", "lab", "", HOST_ANY},
        {"lab.local:6697", "lab.local", "6697", HOST_ANY},
        {"127.0.0.1:1", "127.0.0.1", "1", HOST_ANY},
        {"127.0.0.1:65535", "127.0.0.1", "65535", HOST_ANY},
        {"::1", "::1", "", HOST_ANY},
        {"fe80::1%eth0", "fe80::1%eth0", "", HOST_ANY},
        {"[::1]", "::1", "", HOST_ANY},
        {"[fe80::1%eth0]:6667", "fe80::1%eth0", "6667", HOST_ANY},
        {"irc://127.0.0.1:6667", "127.0.0.1", "6667", HOST_CLEAR},
        {"ircs://lab/", "lab", "", HOST_TLS},
        {"IRCS://[::1]:6697", "::1", "6697", HOST_TLS},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct host host;
        struct str why;
        str_init(&why, 400);
        if (!host_parse(&host, cases[i].text, &why))
            fail_msg("%s: %s", cases[i].text, why.data);
        assert_int_equal(host.name_len, strlen(cases[i].name));
        assert_memory_equal(host.name, cases[i].name, host.name_len);
        assert_int_equal(host.port_len, strlen(cases[i].port));
        assert_true(host.port_len == 0 || !memcmp(host.port, cases[i].port, host.port_len));
        assert_int_equal(host.scheme, cases[i].scheme);
        str_release(&why);
    }
}

static void what_can_be_no_host(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why; /* a part of it */
    } cases[] = {
        {"", "wants a host"},
        {":6667", "wants a host"},
        {"host:abc", "a port from 1 to 65535"},
        {"host:", "a port from 1 to 65535"},
        {"127.0.0.1:0", "a port from 1 to 65535"},
        {"127.0.0.1:99999", "a port from 1 to 65535"},
        {"127.0.0.1:4294967297", "a port from 1 to 65535"},
        {"127.0.0.1:+1", "a port from 1 to 65535"},
        {"[::1", "between [ and ]"},
        {"[lab]:6667", "between [ and ]"},
        {"[::1]6667", "a port from 1 to 65535"},
        {"[::1]:", "a port from 1 to 65535"},
        {"lab:6667:6697", "wants a host"},
        {"a b", "wants a host"},
        {"http://lab", "a URL of irc://"},
        {"lab/tea", "a URL of irc://"},
        {"irc://", "wants a host"},
        {"irc://lab/#tea", "--room names rooms"},
        {"ada@lab", "wants a host"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct host host;
        struct str why;
        str_init(&why, 400);
        if (host_parse(&host, cases[i].text, &why))
            fail_msg("%s was taken", cases[i].text);
        if (!strstr(why.data, cases[i].why))
            fail_msg("%s: %s", cases[i].text, why.data);
        str_release(&why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken),
        cmocka_unit_test(what_can_be_no_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
