/* The delays between tries: at once, then doubling up to half a minute, within their jitter. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "client/net/retry.h"

static void test_delays(void **state)
{
    (void)state;
    static const struct {
        unsigned tries;
        uint64_t least_ms, most_ms;
    } cases[] = {
        {0, 0, 0},         {1, 750, 1250},     {2, 1500, 2500},
        {3, 3000, 5000},   {4, 6000, 10000},   {5, 12000, 20000},
        {6, 22500, 37500}, {60, 22500, 37500}, {UINT32_MAX, 22500, 37500},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (uint64_t random = 0; random < 100000; random += 997) {
            uint64_t delay_ms = retry_delay_ms(cases[i].tries, random);
            assert_in_range(delay_ms, cases[i].least_ms, cases[i].most_ms);
        }
    }
}

static void test_jitter_spreads(void **state)
{
    (void)state;
    assert_int_not_equal(retry_delay_ms(3, 1), retry_delay_ms(3, 1001));
    assert_int_equal(retry_delay_ms(3, 7), retry_delay_ms(3, 7));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_delays),
        cmocka_unit_test(test_jitter_spreads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
