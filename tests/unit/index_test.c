/* The hash index against a plain array: things that share hashes and homes, and walks with removal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "common/index.h"

enum { N_ITEMS = 300 };

struct item {
    uint32_t hash;
    bool in;
};

static struct item items[N_ITEMS];

/* Few hashes, and many of the others at one home. */
static void make_items(void)
{
    for (uint32_t i = 0; i < N_ITEMS; i++)
        items[i] = (struct item){.hash = i % 3 ? i / 4 : i << 20 | 5};
}

static bool finds(const struct index *index, const struct item *item)
{
    size_t probe = 0, times = 0;
    for (const struct item *found; (found = index_find(index, item->hash, &probe));) {
        assert_true(found->in);
        assert_int_equal(found->hash, item->hash);
        times += found == item;
    }
    assert_in_range(times, 0, 1);
    return times == 1;
}

static size_t count_in(void)
{
    size_t count = 0;
    for (size_t i = 0; i < N_ITEMS; i++)
        count += items[i].in;
    return count;
}

static void assert_walk_finds_all(const struct index *index)
{
    size_t found = 0;
    struct table_walk walk = {0};
    for (const struct item *item; (item = index_next(index, &walk)); found++)
        assert_true(item->in);
    assert_int_equal(found, count_in());
    assert_int_equal(index->len, found);
}

static void random_steps_match_an_array(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct index index = {0};
        unsigned dice = seed;
        make_items();
        for (int step = 0; step < 2000; step++) {
            dice = dice * 1103515245u + 12345u;
            struct item *item = &items[(dice >> 8) % N_ITEMS];
            bool puts = (dice >> 20) % (step < 1000 ? 3 : 6) == 0;
            assert_int_equal(finds(&index, item), item->in);
            if (puts && !item->in)
                index_put(&index, item->hash, item);
            else if (!puts)
                assert_int_equal(index_remove(&index, item->hash, item), item->in);
            item->in = puts;
        }
        assert_walk_finds_all(&index);
        index_release(&index);
        assert_null(index.values);
    }
}

static void what_a_walk_returned_may_be_removed(void **state)
{
    (void)state;
    struct index index = {0};
    make_items();
    for (size_t i = 0; i < N_ITEMS; i++) {
        items[i].in = true;
        index_put(&index, items[i].hash, &items[i]);
    }
    size_t all = index.len;
    struct table_walk walk = {0};
    size_t seen = 0;
    for (struct item *item; (item = index_next(&index, &walk)); seen++) {
        assert_true(item->in);
        item->in = false;
        if (seen % 5 != 0)
            assert_true(index_remove(&index, item->hash, item));
    }
    assert_int_equal(seen, all);
    assert_int_equal(index.len, (all + 4) / 5);
    index_release(&index);
}

static void memory_comes_back(void **state)
{
    (void)state;
    struct index index = {0};
    make_items();
    for (size_t i = 0; i < N_ITEMS; i++)
        index_put(&index, items[i].hash, &items[i]);
    size_t most = index.n_slots;
    for (size_t i = 1; i < N_ITEMS; i++)
        assert_true(index_remove(&index, items[i].hash, &items[i]));
    index_put(&index, items[1].hash, &items[1]);
    assert_true(index.n_slots < most);
    assert_true(index_remove(&index, items[0].hash, &items[0]));
    assert_true(index_remove(&index, items[1].hash, &items[1]));
    assert_null(index.values);
    assert_false(index_remove(&index, items[1].hash, &items[1]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_an_array),
        cmocka_unit_test(what_a_walk_returned_may_be_removed),
        cmocka_unit_test(memory_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
