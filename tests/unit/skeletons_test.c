/* Skeletons of names, and that the short way for ASCII gives what ICU would. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <unicode/uspoof.h>

#include "server/account/skeletons.h"

static char *skeleton(struct skeletons *skeletons, const char *name)
{
    struct str out;
    str_init(&out, 4096);
    skeletons_write(skeletons, &out, name, SKELETON_SEEN);
    return str_detach(&out);
}

static void names_look_alike_or_not(void **state)
{
    static const struct {
        const char *a, *b;
        bool alike;
    } rows[] = {
        {"paypal", "p\u0430ypal", true},
        {"ada", "\u0430d\u0430", true},
        {"lan", "Ian", true},
        {"b0b", "bOb", true},
        {"modern", "modem", true},
        {"bill", "bi11", true},
        {"ada", "bob", false},
        {"ada", "ada_", false},
        {"ada", "\u00e1da", false},
        {"ada1", "ada2", false},
        {"\u0432\u0430\u0441\u044f", "vasya", false},
    };
    struct skeletons *skeletons = skeletons_new();
    (void)state;
    assert_non_null(skeletons);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *a = skeleton(skeletons, rows[i].a), *b = skeleton(skeletons, rows[i].b);
        assert_int_equal(strcmp(a, b) == 0, rows[i].alike);
        free(a);
        free(b);
    }
    skeletons_free(skeletons);
}

static void ascii_is_as_icu_says(void **state)
{
    UErrorCode error = U_ZERO_ERROR;
    USpoofChecker *checker = uspoof_open(&error);
    struct skeletons *skeletons = skeletons_new();
    uint64_t random = 1;
    (void)state;
    for (int round = 0; round < 10000; round++) {
        char name[16], expected[256];
        for (size_t i = 0; i + 1 < sizeof name; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
            name[i] = (char)(1 + (random >> 33) % 127);
        }
        name[sizeof name - 1] = '\0';
        uspoof_getSkeletonUTF8(checker, 0, name, -1, expected, sizeof expected, &error);
        assert_true(U_SUCCESS(error));
        char *own = skeleton(skeletons, name);
        assert_string_equal(own, expected);
        free(own);
    }
    skeletons_free(skeletons);
    uspoof_close(checker);
}

static void bytes_that_are_no_name_are_harmless(void **state)
{
    struct skeletons *skeletons = skeletons_new();
    (void)state;
    static const char *const names[] = {"", "\xff\xfe", "\xd0", "a\xed\xa0\x80"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        free(skeleton(skeletons, names[i]));
    skeletons_free(skeletons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_look_alike_or_not),
        cmocka_unit_test(ascii_is_as_icu_says),
        cmocka_unit_test(bytes_that_are_no_name_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
