/* What the terminal answers, and what is written because of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "client/term/probe.h"
#include "client/term/screen.h"

static const struct style plain;

static void load(struct caps *caps, const char *term)
{
    struct str error;
    str_init(&error, 200);
    const struct caps_env env = {.term = term};
    assert_true(caps_load(caps, &env, &error));
    str_release(&error);
}

static bool hear_cells(struct probe *probe, const struct caps *caps, const int *cells, size_t count)
{
    struct str out;
    struct reply end = {.kind = REPLY_ATTRIBUTES};
    str_init(&out, 4096);
    for (size_t i = 0; i < count; i++) {
        struct reply reply = {.kind = REPLY_CURSOR, .row = 1, .col = cells[i]};
        assert_false(probe_hear(probe, caps, &reply, &out));
    }
    bool known = probe_hear(probe, caps, &end, &out);
    assert_int_equal(out.len, 0);
    str_release(&out);
    return known;
}

static void test_widths_are_taken_when_all_were_answered(void **state)
{
    (void)state;
    static const int cells[] = {6, 2, 4, 1, 1, 2};
    struct probe probe = {0};
    struct caps caps;
    load(&caps, "xterm-256color");
    assert_false(hear_cells(&probe, &caps, cells, 0));
    assert_false(hear_cells(&probe, &caps, cells, 5));
    assert_false(probe.widths.known);
    assert_true(hear_cells(&probe, &caps, cells, WIDTH_KINDS));
    assert_true(probe.widths.known);
    assert_int_equal(probe.widths.cells[WIDTH_JOINED], 6);
    assert_true(widths_agree(&probe.widths, "🇰🇷", strlen("🇰🇷")));
    assert_false(widths_agree(&probe.widths, "👋🏽", strlen("👋🏽")));
    caps_release(&caps);
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum width_kind kind;
    } cases[] = {
        {"👨‍👩‍👧‍👦", WIDTH_JOINED},
        {"👩🏽‍🔧", WIDTH_JOINED},
        {"🇯🇵", WIDTH_FLAG},
        {"👋🏽", WIDTH_SKIN},
        {"❤️", WIDTH_STYLED},
        {"1️⃣", WIDTH_KEYCAP},
        {"\u1112\u1161", WIDTH_JAMO},
        {"é", WIDTH_OTHER},
        {"日", WIDTH_OTHER},
        {"a", WIDTH_OTHER},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(width_kind_of(cases[i].text, strlen(cases[i].text)), cases[i].kind);
}

static void test_joining_is_asked_for_where_it_is_off(void **state)
{
    (void)state;
    static const struct {
        int state;
        bool set;
    } cases[] = {{0, false}, {1, false}, {2, true}, {3, false}, {4, false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct probe probe = {0};
        struct caps caps;
        struct str out;
        struct reply reply = {.kind = REPLY_MODE, .mode = 2027, .state = cases[i].state};
        load(&caps, "xterm-256color");
        str_init(&out, 4096);
        assert_int_equal(probe_hear(&probe, &caps, &reply, &out), cases[i].set);
        assert_int_equal(strncmp(out.data, "\033[?2027h", 8) == 0, cases[i].set);
        assert_false(probe_hear(&probe, &caps, &reply, &out)); /* not over and over */
        str_release(&out);
        caps_release(&caps);
    }
}

static void test_who_is_not_asked(void **state)
{
    (void)state;
    static const struct {
        const char *term;
        bool asked;
    } cases[] = {
        {"xterm-256color", true}, {"tmux-256color", true}, {"vt100", false}, {"linux", false}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct caps caps;
        struct str out;
        load(&caps, cases[i].term);
        str_init(&out, 4096);
        probe_ask(&caps, &out);
        assert_int_equal(out.len > 0, cases[i].asked);
        str_release(&out);
        caps_release(&caps);
    }
}

/* Draws the text, and a letter in its row afterwards; returns what the letter took. */
static void draw_twice(const struct widths *widths, const char *text, struct str *first,
                       struct str *second)
{
    struct caps caps;
    struct screen screen;
    struct grid grid;
    load(&caps, "xterm-256color");
    screen_init(&screen, &caps);
    screen_widths(&screen, widths);
    grid_init(&grid);
    for (int i = 0; i < 2; i++) {
        grid_resize(&grid, 2, 30);
        grid_puts(&grid, 0, 0, 30, text, plain);
        grid_puts(&grid, 0, 20, 30, i ? "b" : "a", plain);
        screen_draw(&screen, &grid, i ? second : first);
    }
    grid_release(&grid);
    screen_release(&screen);
    caps_release(&caps);
}

static void test_what_is_not_joined_is_cut(void **state)
{
    (void)state;
    static const struct widths unjoined = {true, {6, 4, 4, 1, 1, 2}},
                               as_ours = {true, {2, 2, 2, 2, 2, 2}};
    static const struct widths unknown = {0};
    struct str first, second;
    str_init(&first, 4096);
    str_init(&second, 4096);
    draw_twice(&unjoined, "👨‍👩‍👧🇯🇵👋🏽", &first, &second);
    assert_non_null(strstr(first.data, "👨"));
    assert_null(strstr(first.data, "\u200d"));
    assert_null(strstr(first.data, "🏽"));
    assert_non_null(strstr(first.data, "JP"));
    str_reset(&first);
    str_reset(&second);
    /* Where the terminal agrees a row is written as any other one. */
    draw_twice(&as_ours, "👨‍👩‍👧🇯🇵👋🏽", &first, &second);
    assert_non_null(strstr(first.data, "👨‍👩‍👧🇯🇵👋🏽"));
    assert_null(strstr(second.data, "👋"));
    str_reset(&first);
    str_reset(&second);
    draw_twice(&unknown, "👨‍👩‍👧🇯🇵👋🏽", &first, &second);
    assert_null(strstr(first.data, "👨‍👩‍👧🇯🇵"));
    assert_non_null(strstr(second.data, "👋🏽"));
    str_release(&first);
    str_release(&second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths_are_taken_when_all_were_answered),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_joining_is_asked_for_where_it_is_off),
        cmocka_unit_test(test_who_is_not_asked),
        cmocka_unit_test(test_what_is_not_joined_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
