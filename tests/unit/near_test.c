/* Which name a mistyped one was meant to be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/near.h"

static const char *name_at(const void *names, size_t i)
{
    return ((const char *const *)names)[i];
}

static void distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},         {"a", "", 1},        {"", "abc", 3},           {"nick", "nick", 0},
        {"NICK", "nick", 0}, {"nikc", "nick", 1}, {"nic", "nick", 1},       {"nnick", "nick", 1},
        {"nock", "nick", 1}, {"join", "part", 4}, {"kitten", "sitting", 3}, {"ca", "abc", 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(near_distance(cases[i].a, cases[i].b), cases[i].distance);
        assert_int_equal(near_distance(cases[i].b, cases[i].a), cases[i].distance);
    }
    char longer[100];
    memset(longer, 'x', sizeof longer);
    longer[99] = '\0';
    assert_int_equal(near_distance(longer, "x"), 64);
    assert_int_equal(near_distance(longer, longer), 0);
    longer[64] = '\0';
    assert_int_equal(near_distance(longer, longer + 1), 1);
}

static void the_nearest_name(void **state)
{
    (void)state;
    static const char *const names[] = {"join", "part", "nick", "names", NULL, "quit", "members"};
    static const struct {
        const char *name;
        ptrdiff_t nearest;
    } cases[] = {
        {"nikc", 2}, {"NICK", 2}, {"jion", 0},   {"qiut", 5}, {"mem", 6},  {"nam", 3},
        {"x", -1},   {"", -1},    {"xyzzy", -1}, {"ni", 2},   {"patr", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(near_name(cases[i].name, name_at, names, 7), cases[i].nearest);
    assert_int_equal(near_name("nick", name_at, names, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances),
        cmocka_unit_test(the_nearest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
