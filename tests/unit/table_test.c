/* The hash table against a plain array, its maximum, walks with removal, and the hash itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/table.h"

enum { N_KEYS = 300 };

struct item {
    char key[8];
    size_t key_len;
    bool in;
};

static struct item items[N_KEYS];

static void make_items(void)
{
    for (size_t i = 0; i < N_KEYS; i++) {
        /* Keys that are each other's beginnings, and hold NULs. */
        memset(items[i].key, (int)(i % 7), sizeof items[i].key);
        items[i].key[0] = (char)(i / 8);
        items[i].key_len = 1 + i % 8;
        items[i].key[items[i].key_len - 1] = (char)i;
        items[i].in = false;
    }
}

static bool same_key(const struct item *a, const struct item *b)
{
    return a->key_len == b->key_len && !memcmp(a->key, b->key, a->key_len);
}

static void assert_walk_finds_all(const struct table *t)
{
    size_t expected = 0, found = 0;
    for (size_t i = 0; i < N_KEYS; i++)
        expected += items[i].in;
    struct table_walk walk = {0};
    for (struct item *item; (item = table_next(t, &walk)); found++)
        assert_true(item->in);
    assert_int_equal(found, expected);
    assert_int_equal(t->len, expected);
}

static void random_steps_match_an_array(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 20; seed++) {
        struct table t;
        unsigned dice = seed;
        table_init(&t, N_KEYS, seed);
        make_items();
        for (int step = 0; step < 2000; step++) {
            dice = dice * 1103515245u + 12345u;
            struct item *item = &items[(dice >> 8) % N_KEYS];
            struct item *there = table_get(&t, item->key, item->key_len);
            assert_true(!there || (there->in && same_key(there, item)));
            assert_true(!item->in || there == item);
            if ((dice >> 20) % (step < 1000 ? 3 : 6) == 0) {
                assert_true(table_put(&t, item->key, item->key_len, item));
                if (there)
                    there->in = false;
                item->in = true;
            } else {
                assert_ptr_equal(table_remove(&t, item->key, item->key_len), there);
                if (there)
                    there->in = false;
            }
            assert_null((item->in ? NULL : table_get(&t, "absent key", 10)));
        }
        assert_walk_finds_all(&t);
        table_release(&t);
        assert_null(t.slots);
    }
}

static void a_full_table_refuses(void **state)
{
    (void)state;
    struct table t;
    static const char keys[] = "abcd";
    int value, other;
    table_init(&t, 3, 1);
    for (int i = 0; i < 3; i++)
        assert_true(table_put(&t, keys + i, 1, &value));
    assert_false(table_put(&t, keys + 3, 1, &value));
    assert_null(table_get(&t, "d", 1));
    assert_true(table_put(&t, keys, 1, &other));
    assert_ptr_equal(table_get(&t, "a", 1), &other);
    assert_ptr_equal(table_remove(&t, "b", 1), &value);
    assert_true(table_put(&t, keys + 3, 1, &value));
    assert_int_equal(t.len, 3);
    table_release(&t);
}

static void memory_comes_back(void **state)
{
    (void)state;
    struct table t;
    uint64_t ids[1000];
    table_init(&t, 1000, 7);
    for (size_t i = 0; i < 1000; i++) {
        ids[i] = i << 24;
        assert_true(table_put(&t, &ids[i], sizeof ids[i], &ids[i]));
    }
    assert_true(t.n_slots * 3 >= 1000 * 4);
    for (size_t i = 0; i < 990; i++)
        assert_ptr_equal(table_remove(&t, &ids[i], sizeof ids[i]), &ids[i]);
    assert_true(table_put(&t, &ids[0], sizeof ids[0], &ids[0]));
    assert_true(t.n_slots <= 128);
    table_remove(&t, &ids[0], sizeof ids[0]);
    for (size_t i = 990; i < 1000; i++)
        assert_ptr_equal(table_remove(&t, &ids[i], sizeof ids[i]), &ids[i]);
    assert_null(t.slots);
    table_release(&t);
}

/* Every subset of a walk's items may be removed as they come, and each comes exactly once. */
static void walked_items_may_be_removed(void **state)
{
    (void)state;
    for (unsigned seed = 1; seed <= 200; seed++) {
        struct table t;
        unsigned char keys[24];
        int seen[24] = {0};
        size_t n = 1 + seed % 24, left = n;
        table_init(&t, 100, seed);
        for (size_t i = 0; i < n; i++) {
            keys[i] = (unsigned char)i;
            table_put(&t, &keys[i], 1, &keys[i]);
        }
        struct table_walk walk = {0};
        for (unsigned char *key; (key = table_next(&t, &walk));) {
            seen[*key]++;
            if ((seed >> (*key % 5)) & 1) {
                assert_ptr_equal(table_remove(&t, key, 1), key);
                left--;
            }
        }
        for (size_t i = 0; i < n; i++)
            assert_int_equal(seen[i], 1);
        assert_int_equal(t.len, left);
        table_release(&t);
    }
}

static void the_hash_is_siphash(void **state)
{
    (void)state;
    /* The reference vectors of SipHash-2-4: key 00..0f, message 00, 01, ... of each length. */
    static const struct {
        size_t len;
        uint64_t hash;
    } vectors[] = {
        {0, 0x726fdb47dd0e0e31}, {1, 0x74f839c593dc67fd},  {7, 0xab0200f58b01d137},
        {8, 0x93f5f5799a932462}, {15, 0xa129ca6149be45e5},
    };
    unsigned char message[16];
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (unsigned char)i;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        uint64_t hash =
            table_siphash(0x0706050403020100, 0x0f0e0d0c0b0a0908, message, vectors[i].len);
        assert_true(hash == vectors[i].hash);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_an_array),
        cmocka_unit_test(a_full_table_refuses),
        cmocka_unit_test(memory_comes_back),
        cmocka_unit_test(walked_items_may_be_removed),
        cmocka_unit_test(the_hash_is_siphash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
