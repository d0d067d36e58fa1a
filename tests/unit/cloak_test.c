/* Networks as text, and what is shown instead of addresses. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/cidr.h"
#include "common/hmac.h"
#include "server/run/cloak.h"

static void cidr_writes_what_it_reads(void **state)
{
    static const char *const rows[][2] = {
        {"10.1.2.3", "10.1.2.3"},
        {"10.1.2.3/8", "10.0.0.0/8"},
        {"::1", "::1"},
        {"2001:DB8:0:0:1::/64", "2001:db8::/64"},
        {"::ffff:10.0.0.1", "10.0.0.1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cidr cidr;
        struct str out;
        str_init(&out, 100);
        assert_true(cidr_parse(&cidr, rows[i][0]));
        cidr_write(&cidr, &out);
        assert_string_equal(out.data, rows[i][1]);
        str_release(&out);
    }
}

static void cidr_reads_and_compares(void **state)
{
    static const struct {
        const char *network, *address;
        bool parses, covers;
    } rows[] = {
        {"10.0.0.0/8", "10.255.1.2", true, true},
        {"10.0.0.0/8", "11.0.0.1", true, false},
        {"10.1.2.3", "10.1.2.3", true, true},
        {"10.1.2.3", "10.1.2.4", true, false},
        {"10.1.2.3/31", "10.1.2.2", true, true},
        {"0.0.0.0/0", "192.0.2.1", true, true},
        {"0.0.0.0/0", "2001:db8::1", true, false},
        {"::/0", "2001:db8::1", true, true},
        {"2001:db8::/33", "2001:db8:7fff::1", true, true},
        {"2001:db8::/33", "2001:db8:8000::1", true, false},
        {"::ffff:10.0.0.0/104", "10.9.9.9", true, true},
        {"10.0.0.0/33", "10.0.0.1", false, false},
        {"10.0.0.0/", "10.0.0.1", false, false},
        {"10.0.0.0/-1", "10.0.0.1", false, false},
        {"10.0.0.0/8x", "10.0.0.1", false, false},
        {"10.0.0", "10.0.0.1", false, false},
        {"::/129", "::1", false, false},
        {"", "::1", false, false},
        {"*.lab", "::1", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct cidr network, address;
        assert_true(cidr_parse(&address, rows[i].address));
        assert_int_equal(cidr_parse(&network, rows[i].network), rows[i].parses);
        if (rows[i].parses)
            assert_int_equal(cidr_covers(&network, &address), rows[i].covers);
    }
}

/* RFC 4231, test case 2. */
static void hmac_is_that_of_the_rfc(void **state)
{
    static const unsigned char expected[] = {0x5b, 0xdc, 0xc1, 0x46, 0xbf, 0x60, 0x75, 0x4e};
    static const char message[] = "what do ya want for nothing?";
    unsigned char code[HMAC_BYTES];
    (void)state;
    struct hmac *hmac = hmac_new("Jefe", 4);
    for (int i = 0; i < 2; i++) {
        hmac_code(hmac, message, strlen(message), code);
        assert_memory_equal(code, expected, sizeof expected);
    }
    hmac_free(hmac);
}

/* How many of the words, from the end, two cloaks have in common. */
static int common_words(const char *a, const char *b)
{
    int words = 0;
    for (size_t i = strlen(a), k = strlen(b); i > 0 && k > 0 && a[i - 1] == b[k - 1]; i--, k--)
        words += a[i - 1] == '.' || i == 1 || k == 1;
    return words;
}

static void neighbours_share_words(void **state)
{
    static const struct {
        const char *a, *b;
        int words;
    } rows[] = {
        {"10.1.2.3", "10.1.2.3", 4},       {"10.1.2.3", "10.1.2.4", 3},
        {"10.1.2.3", "10.1.3.3", 2},       {"10.1.2.3", "10.2.2.3", 1},
        {"2001:db8::1", "2001:db8::2", 3}, {"2001:db8:0:1::1", "2001:db8:0:2::1", 2},
        {"2001:db8::1", "2001:db9::1", 1}, {"lab.local", "lab.local", 2},
        {"lab.local", "lab2.local", 1},    {"0::1", "::1", 4},
    };
    struct cloak cloak;
    (void)state;
    cloak_init(&cloak, (const unsigned char[CLOAK_KEY_BYTES]){"a key"});
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char a[CLOAK_TEXT_BYTES], b[CLOAK_TEXT_BYTES];
        cloak_write(&cloak, rows[i].a, a);
        cloak_write(&cloak, rows[i].b, b);
        assert_int_equal(common_words(a, b), rows[i].words);
        assert_null(strstr(a, rows[i].a));
    }
    cloak_release(&cloak);
}

static void another_key_gives_other_codes(void **state)
{
    struct cloak first, second;
    char a[CLOAK_TEXT_BYTES], b[CLOAK_TEXT_BYTES];
    (void)state;
    cloak_init(&first, (const unsigned char[CLOAK_KEY_BYTES]){"a key"});
    cloak_init(&second, (const unsigned char[CLOAK_KEY_BYTES]){"another"});
    cloak_write(&first, "10.1.2.3", a);
    cloak_write(&second, "10.1.2.3", b);
    assert_int_equal(common_words(a, b), 1);
    cloak_release(&first);
    cloak_release(&second);
}

static void the_key_is_kept(void **state)
{
    char dir[] = "/tmp/cloak-XXXXXX", path[64], a[CLOAK_TEXT_BYTES], b[CLOAK_TEXT_BYTES];
    struct cloak first, second;
    struct str error;
    struct stat info;
    (void)state;
    str_init(&error, 4096);
    assert_non_null(mkdtemp(dir));
    assert_true(cloak_open(&first, dir, &error));
    assert_true(cloak_open(&second, dir, &error));
    cloak_write(&first, "10.1.2.3", a);
    cloak_write(&second, "10.1.2.3", b);
    assert_string_equal(a, b);
    cloak_release(&first);
    cloak_release(&second);
    snprintf(path, sizeof path, "%s/cloak.key", dir);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(truncate(path, 5), 0);
    assert_false(cloak_open(&second, dir, &error));
    assert_non_null(strstr(error.data, "damaged"));
    unlink(path);
    rmdir(dir);
    str_release(&error);
}

static void half_a_key_is_not_left_behind(void **state)
{
    char dir[] = "/tmp/cloak-XXXXXX";
    struct cloak cloak;
    struct str error;
    struct rlimit before;
    (void)state;
    str_init(&error, 4096);
    assert_non_null(mkdtemp(dir));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit few = {.rlim_cur = 5, .rlim_max = before.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    bool opened = cloak_open(&cloak, dir, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(opened);
    assert_non_null(strstr(error.data, "No space left on device"));
    assert_int_equal(rmdir(dir), 0);
    str_release(&error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cidr_writes_what_it_reads),     cmocka_unit_test(cidr_reads_and_compares),
        cmocka_unit_test(hmac_is_that_of_the_rfc),       cmocka_unit_test(neighbours_share_words),
        cmocka_unit_test(another_key_gives_other_codes), cmocka_unit_test(the_key_is_kept),
        cmocka_unit_test(half_a_key_is_not_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
