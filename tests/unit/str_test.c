/* Growable bytes: the maximum is kept, nothing is added in part, the NUL is always there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/str.h"

static void empty_takes_no_memory(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 10);
    assert_string_equal(s.data, "");
    assert_int_equal(s.size, 0);
    str_reset(&s);
    str_cut(&s, 0);
    str_remove(&s, 0, 0);
    assert_true(str_add(&s, "", 0));
    assert_true(str_insert(&s, 0, "", 0));
    assert_true(str_addf(&s, "%s", ""));
    assert_string_equal(s.data, "");
    assert_int_equal(s.size, 0);
    str_release(&s);
}

static void adds_of_all_kinds(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 1000);
    assert_true(str_adds(&s, "one "));
    assert_true(str_add(&s, "two---", 3));
    assert_true(str_addc(&s, ' '));
    assert_true(str_addf(&s, "%d-%s", 3, "three"));
    assert_string_equal(s.data, "one two 3-three");
    assert_int_equal(s.len, 15);
    str_release(&s);
}

static void the_maximum_is_exact(void **state)
{
    (void)state;
    static const size_t maxima[] = {0, 1, 4, 31, 32, 33, 100};
    for (size_t i = 0; i < sizeof maxima / sizeof *maxima; i++) {
        struct str s;
        str_init(&s, maxima[i]);
        for (size_t n = 0; n < maxima[i]; n++)
            assert_true(str_addc(&s, 'x'));
        assert_false(s.overflow);
        assert_false(str_addc(&s, 'x'));
        assert_true(s.overflow);
        assert_int_equal(s.len, maxima[i]);
        assert_int_equal(strlen(s.data), maxima[i]);
        str_release(&s);
    }
}

static void what_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 8);
    str_adds(&s, "12345");
    assert_false(str_adds(&s, "6789"));
    assert_string_equal(s.data, "12345");
    assert_false(str_addf(&s, "%d", 6789));
    assert_string_equal(s.data, "12345");
    assert_false(str_insert(&s, 2, "6789", 4));
    assert_string_equal(s.data, "12345");
    assert_true(str_adds(&s, "678"));
    assert_true(s.overflow);
    str_reset(&s);
    assert_false(s.overflow);
    assert_string_equal(s.data, "");
    str_release(&s);
}

static void own_bytes_may_be_added(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 1 << 16);
    str_adds(&s, "ab");
    for (int i = 0; i < 10; i++)
        assert_true(str_add(&s, s.data, s.len));
    assert_int_equal(s.len, 2048);
    for (size_t i = 0; i < s.len; i++)
        assert_int_equal(s.data[i], "ab"[i % 2]);
    str_release(&s);
}

static void middle_is_edited(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 100);
    str_adds(&s, "hello world");
    str_remove(&s, 5, 6);
    assert_string_equal(s.data, "hello");
    str_insert(&s, 0, "oh, ", 4);
    str_insert(&s, s.len, "!", 1);
    str_insert(&s, 4, "my ", 3);
    assert_string_equal(s.data, "oh, my hello!");
    str_remove(&s, 0, s.len);
    assert_string_equal(s.data, "");
    str_adds(&s, "abc");
    str_cut(&s, 1);
    assert_string_equal(s.data, "a");
    str_release(&s);
}

static void nuls_are_bytes(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 100);
    str_add(&s, "a\0b", 3);
    assert_int_equal(s.len, 3);
    assert_memory_equal(s.data, "a\0b", 4);
    str_release(&s);
}

static void detached_belongs_to_the_caller(void **state)
{
    (void)state;
    struct str s;
    str_init(&s, 100);
    char *nothing = str_detach(&s);
    assert_string_equal(nothing, "");
    free(nothing);
    str_adds(&s, "kept");
    char *kept = str_detach(&s);
    assert_string_equal(kept, "kept");
    free(kept);
    assert_int_equal(s.len, 0);
    str_adds(&s, "again");
    assert_string_equal(s.data, "again");
    str_release(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_takes_no_memory),
        cmocka_unit_test(adds_of_all_kinds),
        cmocka_unit_test(the_maximum_is_exact),
        cmocka_unit_test(what_does_not_fit_is_refused_whole),
        cmocka_unit_test(own_bytes_may_be_added),
        cmocka_unit_test(middle_is_edited),
        cmocka_unit_test(nuls_are_bytes),
        cmocka_unit_test(detached_belongs_to_the_caller),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
