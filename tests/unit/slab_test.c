/* The slab: what is given out is zeroed, its own, and stays where it is; empty pages go back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/slab.h"

enum { N_ITEMS = 4000, ITEM_BYTES = 52 };

static unsigned char *items[N_ITEMS];

static void fill(size_t i)
{
    memset(items[i], (int)(i * 7 + 1), ITEM_BYTES);
}

static void assert_filled(size_t i)
{
    for (size_t at = 0; at < ITEM_BYTES; at++)
        assert_int_equal(items[i][at], (unsigned char)(i * 7 + 1));
}

static void assert_zeroed(size_t i)
{
    for (size_t at = 0; at < ITEM_BYTES; at++)
        assert_int_equal(items[i][at], 0);
    assert_int_equal((uintptr_t)items[i] % sizeof(void *), 0);
}

static void take(struct slab *slab, size_t i)
{
    items[i] = slab_new(slab);
    assert_zeroed(i);
    fill(i);
}

static void give_back(size_t i)
{
    assert_filled(i);
    slab_free(items[i]);
    items[i] = NULL;
}

static void random_steps_keep_all_apart(void **state)
{
    (void)state;
    struct slab slab;
    unsigned dice = 1;
    slab_init(&slab, ITEM_BYTES);
    for (int step = 0; step < 40000; step++) {
        dice = dice * 1103515245u + 12345u;
        size_t i = (dice >> 8) % N_ITEMS;
        if (items[i])
            give_back(i);
        else
            take(&slab, i);
    }
    for (size_t i = 0; i < N_ITEMS; i++) {
        if (items[i])
            give_back(i);
    }
    assert_int_equal(slab.pages, 0);
    assert_true(list_empty(&slab.roomy));
}

#if !defined(__SANITIZE_ADDRESS__)
static void few_pages_hold_all_and_go_back(void **state)
{
    (void)state;
    struct slab slab;
    slab_init(&slab, ITEM_BYTES);
    for (size_t i = 0; i < N_ITEMS; i++)
        take(&slab, i);
    size_t most = slab.pages;
    assert_in_range(most, 1, N_ITEMS * (ITEM_BYTES + 4) / 16000 + 1);
    for (size_t i = 0; i < N_ITEMS / 2; i++)
        give_back(i);
    assert_in_range(slab.pages, 1, most / 2 + 1);
    for (size_t i = 0; i < N_ITEMS / 2; i++)
        take(&slab, i);
    assert_int_equal(slab.pages, most);
    for (size_t i = 0; i < N_ITEMS; i++)
        give_back(i);
    assert_int_equal(slab.pages, 0);
}
#endif

static void nothing_is_nothing_to_free(void **state)
{
    (void)state;
    slab_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_keep_all_apart),
#if !defined(__SANITIZE_ADDRESS__)
        cmocka_unit_test(few_pages_hold_all_and_go_back),
#endif
        cmocka_unit_test(nothing_is_nothing_to_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
