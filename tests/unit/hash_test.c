/* The numbers that others get, too: names of files and colours of nicks depend on them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "common/hash.h"

/* From the test vectors of FNV's authors. */
static void test_fnv(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint32_t hash32;
        uint64_t hash64;
    } cases[] = {
        {"", UINT32_C(0x811c9dc5), UINT64_C(0xcbf29ce484222325)},
        {"a", UINT32_C(0xe40c292c), UINT64_C(0xaf63dc4c8601ec8c)},
        {"foobar", UINT32_C(0xbf9cf968), UINT64_C(0x85944171f73967e8)},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t len = strlen(cases[i].text);
        assert_int_equal(hash_fnv32(HASH_FNV32, cases[i].text, len), cases[i].hash32);
        assert_true(hash_fnv64(HASH_FNV64, cases[i].text, len) == cases[i].hash64);
    }
}

static void test_fnv_in_pieces(void **state)
{
    (void)state;
    uint32_t hash32 = hash_fnv32(hash_fnv32(HASH_FNV32, "foo", 3), "bar", 3);
    assert_int_equal(hash32, hash_fnv32(HASH_FNV32, "foobar", 6));
    uint64_t hash64 = hash_fnv64(hash_fnv64(HASH_FNV64, "foo", 3), "bar", 3);
    assert_true(hash64 == hash_fnv64(HASH_FNV64, "foobar", 6));
}

/* As the reference implementation of Sebastiano Vigna gives them. */
static void test_splitmix64(void **state)
{
    (void)state;
    static const uint64_t numbers[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                       UINT64_C(9817491932198370423)};
    uint64_t random = 1234567;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        assert_true(hash_splitmix64(&random) == numbers[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fnv),
        cmocka_unit_test(test_fnv_in_pieces),
        cmocka_unit_test(test_splitmix64),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
