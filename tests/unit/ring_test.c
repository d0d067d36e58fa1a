/* The bounded ring: order over every wrap, eviction at the maximum, memory given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/ring.h"

static void random_steps_match_an_array(void **state)
{
    (void)state;
    for (unsigned max = 1; max <= 40; max++) {
        struct ring r;
        int expected[40], pushed = 0, item;
        size_t n = 0;
        unsigned dice = max;
        ring_init(&r, sizeof(int), max);
        for (int step = 0; step < 3000; step++) {
            dice = dice * 1103515245u + 12345u;
            unsigned what = (dice >> 16) % (step / 300 % 2 ? 9 : 4);
            if (what < 2) {
                assert_int_equal(ring_full(&r), n == max);
                bool evicts = ring_push(&r, &pushed, &item);
                assert_int_equal(evicts, n == max);
                if (evicts) {
                    assert_int_equal(item, expected[0]);
                    memmove(expected, expected + 1, --n * sizeof *expected);
                }
                expected[n++] = pushed++;
            } else if (what % 2) {
                assert_int_equal(ring_pop_front(&r, &item), n > 0);
                if (n) {
                    assert_int_equal(item, expected[0]);
                    memmove(expected, expected + 1, --n * sizeof *expected);
                }
            } else {
                assert_int_equal(ring_pop_back(&r, &item), n > 0);
                if (n)
                    assert_int_equal(item, expected[--n]);
            }
            assert_int_equal(r.len, n);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(*(int *)ring_at(&r, i), expected[i]);
        }
        ring_release(&r);
    }
}

static void memory_grows_with_need_and_comes_back(void **state)
{
    (void)state;
    struct ring r;
    ring_init(&r, sizeof(int), 10000);
    assert_int_equal(r.n_slots, 0);
    for (int i = 0; i < 1000; i++)
        ring_push(&r, &i, NULL);
    assert_true(r.n_slots >= 1000 && r.n_slots <= 2000);
    while (ring_pop_front(&r, NULL))
        ;
    assert_int_equal(r.n_slots, 0);
    ring_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_an_array),
        cmocka_unit_test(memory_grows_with_need_and_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
