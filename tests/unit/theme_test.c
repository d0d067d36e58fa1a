/* Themes: those that are made, and what a person changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/view/theme.h"

static void test_styles(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        struct style style; /* of the mention */
        const char *error;  /* a part of it; NULL: right */
    } cases[] = {
        {"mention bold magenta", {COLOUR_INDEXED | 5, 0, ATTR_BOLD, 0}, NULL},
        {"Mention  red on #ffffff dim italic",
         {COLOUR_INDEXED | 1, COLOUR_RGB | 0xffffff, ATTR_DIM | ATTR_ITALIC, 0},
         NULL},
        {"mention bright-white", {COLOUR_INDEXED | 15, 0, 0, 0}, NULL},
        {"mention 200", {COLOUR_INDEXED | 200, 0, 0, 0}, NULL},
        {"mention plain", {0, 0, 0, 0}, NULL},
        {"mention", {0, 0, 0, 0}, NULL},
        {"mention 256", {0}, "mention takes"},
        {"mention #12345", {0}, "mention takes"},
        {"mention on", {0}, "mention takes"},
        {"mention red on bold", {0}, "mention takes"},
        {"mention purplish bold", {0}, ", not \"purplish\""},
        {"mention blod", {0}, "mention takes plain, bold"},
        {"mention bold red-and-far-too-long-to-be-a-colour", {0}, ", not \"red-and-far-too-long"},
        {"mentoin red", {0}, "did you mean mention?"},
        {"", {0}, "has no part \"\""},
        {"nicks", {0}, "up to 12 colours"},
        {"nicks red bold", {0}, "up to 12 colours"},
        {"nicks 1 2 3 4 5 6 7 8 9 10 11 12 13", {0}, "up to 12 colours"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct theme theme = theme_default;
        struct str error;
        str_init(&error, 400);
        assert_int_equal(theme_style(&theme, cases[i].text, &error), !cases[i].error);
        if (cases[i].error)
            assert_non_null(strstr(error.data, cases[i].error));
        else
            assert_memory_equal(&theme.mention, &cases[i].style, sizeof(theme.mention));
        assert_int_equal(theme.version, !cases[i].error);
        str_release(&error);
    }
}

static void test_nicks(void **state)
{
    (void)state;
    struct theme theme = theme_default;
    struct str error;
    str_init(&error, 400);
    assert_true(theme_style(&theme, "nicks #102030", &error));
    assert_int_equal(theme_nick(&theme, "ada").fg, COLOUR_RGB | 0x102030);
    assert_int_equal(theme_nick(&theme, "bob").fg, COLOUR_RGB | 0x102030);
    /* The same for everybody, however it is spelled. */
    assert_int_equal(theme_nick(&theme_default, "Ada").fg, theme_nick(&theme_default, "ada").fg);
    str_release(&error);
}

/* Relative luminance by WCAG 2, about. */
static double luminance(uint32_t rgb)
{
    double sum = 0;
    static const double weights[] = {0.0722, 0.7152, 0.2126};
    for (int i = 0; i < 3; i++) {
        double part = (double)(rgb >> (8 * i) & 255) / 255;
        sum += weights[i] * part * part;
    }
    return sum;
}

static void test_nicks_stand_out(void **state)
{
    (void)state;
    for (enum ground ground = GROUND_DARK; ground <= GROUND_LIGHT; ground++) {
        struct theme theme = {0};
        theme_make(&theme, PALETTE_MANY, ground);
        assert_int_equal(theme.version, 1);
        double behind = ground == GROUND_LIGHT ? 1.0 : 0.0;
        for (unsigned i = 0; i < theme.nick_count; i++) {
            double nick = luminance(theme.nicks[i].fg & 0xffffff);
            double high = nick > behind ? nick : behind, low = nick > behind ? behind : nick;
            assert_true((high + 0.05) / (low + 0.05) >= 4.5);
        }
    }
}

static void test_grounds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum ground ground;
    } cases[] = {{"15;0", GROUND_DARK},          {"0;15", GROUND_LIGHT},
                 {"0;default;15", GROUND_LIGHT}, {"12;8", GROUND_DARK},
                 {"0;7", GROUND_LIGHT},          {"", GROUND_UNKNOWN},
                 {"0;default", GROUND_UNKNOWN},  {NULL, GROUND_UNKNOWN}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(theme_ground_of(cases[i].text), cases[i].ground);
    assert_int_equal(theme_ground(0x1e1e2e), GROUND_DARK);
    assert_int_equal(theme_ground(0xfdf6e3), GROUND_LIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_styles),
        cmocka_unit_test(test_nicks),
        cmocka_unit_test(test_nicks_stand_out),
        cmocka_unit_test(test_grounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
