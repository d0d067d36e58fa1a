/* One line after the other: what is written, byte by byte, and what a terminal makes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/editor.h"
#include "client/model/traffic.h"
#include "client/view/linear.h"
#include "client/view/view.h"
#include "common/text.h"
#include "tests/press.h"

enum { COLS = 40, ROW_CELLS = 400 };

static const int64_t noon_ms = (int64_t)12 * 3600 * 1000;

struct desk {
    struct model *model;
    struct linear linear;
    struct str out;
    int64_t now_ms;
    /* What a terminal shows: rows that are over, and the one that the cursor is in, all ASCII. */
    struct str above;
    char row[ROW_CELLS];
    int cursor;
};

static void desk_init(struct desk *desk, const char *erase)
{
    *desk = (struct desk){.model = model_new("lab", "ada", &view_measure), .now_ms = noon_ms};
    linear_init(&desk->linear, erase);
    str_init(&desk->out, 1 << 20);
    str_init(&desk->above, 1 << 20);
    memset(desk->row, ' ', sizeof(desk->row));
    traffic_online(desk->model, desk->now_ms, true);
    traffic_joined(desk->model, traffic_buffer(desk->model, BUFFER_ROOM, "#tea"), true);
}

static void desk_release(struct desk *desk)
{
    linear_release(&desk->linear);
    str_release(&desk->out);
    str_release(&desk->above);
    model_free(desk->model);
}

static int row_end(const struct desk *desk)
{
    int end = ROW_CELLS;
    while (end > 0 && desk->row[end - 1] == ' ')
        end--;
    return end;
}

/* A terminal that knows CR, LF, BS and, as \033[K, how to erase. */
static void show(struct desk *desk)
{
    for (const char *at = desk->out.data; at < desk->out.data + desk->out.len; at++) {
        if (*at == '\r') {
            desk->cursor = 0;
        } else if (*at == '\n') {
            str_add(&desk->above, desk->row, (size_t)row_end(desk));
            str_addc(&desk->above, '\n');
            memset(desk->row, ' ', sizeof(desk->row));
        } else if (*at == '\b') {
            assert_true(desk->cursor > 0);
            desk->cursor--;
        } else if (*at == '\033') {
            assert_memory_equal(at, "\033[K", 3);
            memset(desk->row + desk->cursor, ' ', (size_t)(ROW_CELLS - desk->cursor));
            at += 2;
        } else {
            assert_true(*at >= ' ' && *at < 0x7f);
            desk->row[desk->cursor++] = *at;
        }
    }
    str_reset(&desk->out);
}

static void draw(struct desk *desk)
{
    linear_draw(&desk->linear, desk->model, COLS, desk->now_ms, &desk->out);
    show(desk);
}

/* What it begins with has been printed. */
static void desk_open(struct desk *desk)
{
    desk_init(desk, "\033[K");
    draw(desk);
    str_reset(&desk->above);
}

static void press(struct desk *desk, const char *keys)
{
    for (const char *at = keys; *at;) {
        struct key key;
        at = press_read(at, &key);
        model_key(desk->model, desk->now_ms, &key);
        draw(desk);
    }
}

static void hear(struct desk *desk, const char *room, const char *text)
{
    const struct heard heard = {
        .kind = LINE_TALK, .nick = "bob", .text = text, .time_ms = desk->now_ms};
    traffic_hear(desk->model, traffic_buffer(desk->model, BUFFER_ROOM, room), &heard);
    draw(desk);
}

static void expect(struct desk *desk, const char *above, const char *row, int cursor)
{
    assert_string_equal(desk->above.data, above);
    assert_int_equal(row_end(desk), strlen(row));
    assert_memory_equal(desk->row, row, strlen(row));
    assert_int_equal(desk->cursor, cursor);
    str_reset(&desk->above);
}

static void test_arrivals_stand_above_the_line_being_typed(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk, "\033[K");
    draw(&desk);
    expect(&desk, "in #tea\n", "#tea ada>", 10);
    press(&desk, "half typed<Left><Left>");
    expect(&desk, "", "#tea ada> half typed", 18);
    hear(&desk, "#tea", "hello");
    expect(&desk, "12:00 bob: hello\n", "#tea ada> half typed", 18);
    hear(&desk, "#ops", "over here");
    expect(&desk, "12:00 [#ops] bob: over here\n", "#tea ada> half typed", 18);
    desk_release(&desk);
}

static void test_what_cannot_be_taken_away_is_not_disturbed(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk, NULL);
    draw(&desk);
    hear(&desk, "#tea", "at once");
    expect(&desk, "in #tea\n12:00 bob: at once\n", "#tea ada>", 10);
    press(&desk, "half");
    hear(&desk, "#tea", "one");
    hear(&desk, "#tea", "two");
    expect(&desk, "", "#tea ada> half", 14);
    press(&desk, "<C-c>");
    expect(&desk, "12:00 bob: one\n12:00 bob: two\n", "#tea ada>", 10);
    desk_release(&desk);
}

/* Only what changed is written, so that a screen reader does not say it all again. */
static void test_little_is_written(void **state)
{
    (void)state;
    static const struct {
        const char *key, *written, *dumb;
    } steps[] = {
        {"a", "a", "a"},
        {"b", "b", "b"},
        {"c", "c", "c"},
        {"<Left>", "\b", "\b"},
        {"<Left>", "\b", "\b"},
        {"x", "xbc\b\b", "xbc\b\b"},
        {"<Right>", "b", "b"},
        {"<C-e>", "c", "c"},
        {"<Backspace>", "\b\033[K", "\b \b"},
        {"<C-u>", "\b\b\b\033[K", "\b\b\b   \b\b\b"},
    };
    for (int dumb = 0; dumb < 2; dumb++) {
        struct desk desk;
        desk_init(&desk, dumb ? NULL : "\033[K");
        draw(&desk);
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
            struct key key;
            press_read(steps[i].key, &key);
            model_key(desk.model, desk.now_ms, &key);
            linear_draw(&desk.linear, desk.model, COLS, desk.now_ms, &desk.out);
            assert_string_equal(desk.out.data, dumb ? steps[i].dumb : steps[i].written);
            show(&desk);
        }
        desk_release(&desk);
    }
}

static void test_a_long_line_moves_sideways(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    press(&desk, "the quick brown fox jumps over the lazy dog");
    assert_true(row_end(&desk) < COLS && desk.cursor < COLS);
    assert_non_null(strstr(desk.row, "lazy dog"));
    press(&desk, "<C-a>");
    assert_int_equal(desk.cursor, 10);
    assert_memory_equal(desk.row, "#tea ada> the quick brown fox jumps ov", 38);
    assert_true(row_end(&desk) < COLS);
    press(&desk, "<C-e><M-Enter>x<C-c>");
    expect(&desk, "", "#tea ada>", 10);
    desk_release(&desk);
}

static void settle(struct desk *desk, enum line_state state)
{
    const struct buffer *buffer = desk->model->current;
    uint64_t line = buffer_line_at(buffer, buffer_line_count(buffer) - buffer->pending)->id;
    traffic_settle(desk->model, line, state, desk->now_ms);
    draw(desk);
}

static void test_own_lines(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    press(&desk, "hello<Enter>");
    expect(&desk, "", "#tea ada>", 10);
    assert_int_equal(linear_next_ms(&desk.linear, desk.now_ms), noon_ms + NEWS_WAIT_MS);
    settle(&desk, LINE_SETTLED);
    expect(&desk, "12:00 ada: hello\n", "#tea ada>", 10);
    assert_int_equal(linear_next_ms(&desk.linear, desk.now_ms), 0);
    desk_release(&desk);
}

/* What others say meanwhile stands above the pending line, and is newer. */
static void test_others_speak_before_the_answer(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    press(&desk, "hello<Enter>");
    const struct heard heard = {
        .kind = LINE_TALK, .nick = "bob", .text = "me first", .time_ms = desk.now_ms};
    traffic_hear(desk.model, desk.model->current, &heard);
    settle(&desk, LINE_SETTLED);
    assert_non_null(strstr(desk.above.data, "bob: me first\n"));
    assert_non_null(strstr(desk.above.data, "ada: hello\n"));
    desk_release(&desk);
}

/* The sign of what waits is no ASCII, so that the terminal here has no part in it. */
static void test_own_lines_without_an_answer(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk, "\033[K");
    draw(&desk);
    press(&desk, "hello<Enter>");
    desk.now_ms += NEWS_WAIT_MS;
    linear_draw(&desk.linear, desk.model, COLS, desk.now_ms, &desk.out);
    assert_string_equal(desk.out.data, "\r\033[K12:00 … ada: hello\r\n#tea ada> ");
    str_reset(&desk.out);
    linear_draw(&desk.linear, desk.model, COLS, desk.now_ms + 5000, &desk.out);
    assert_string_equal(desk.out.data, "");
    desk_release(&desk);
}

static void test_what_is_said_is_harmless(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    hear(&desk, "#tea", "a\033[2Jb\rc\nd\a\b\177");
    expect(&desk, "12:00 bob: a^[[2Jb^Mc / d^G^H^?\n", "#tea ada>", 10);
    desk_release(&desk);
}

/* Candidates, places, what is picked. */
/* Nothing that was printed changes: what is done to it is said. */
static void test_what_is_done_to_messages(void **state)
{
    (void)state;
    struct desk desk;
    desk_init(&desk, "\033[K");
    struct model *model = desk.model;
    struct buffer *tea = model->current, *ops = traffic_buffer(model, BUFFER_ROOM, "#ops");
    struct heard heard = {
        .kind = LINE_TALK, .nick = "bob", .text = "good morning", .time_ms = noon_ms};
    draw(&desk);
    str_reset(&desk.above);
    heard.msgid = "m1";
    traffic_hear(model, tea, &heard);
    heard = (struct heard){LINE_TALK, .nick = "cy", .text = "why", .time_ms = noon_ms};
    heard.msgid = "m2";
    traffic_hear(model, ops, &heard);
    traffic_react(model, tea, "m1", "cy", "+1", true, noon_ms);
    draw(&desk);
    str_reset(&desk.above);
    traffic_react(model, tea, "m1", "cy", "+1", true, noon_ms);
    traffic_react(model, tea, "m1", "cy", "+1", false, noon_ms + 60000);
    traffic_react(model, ops, "m2", "\033bob", ":)", true, noon_ms);
    traffic_react(model, tea, "m9", "cy", "early", true, noon_ms);
    traffic_react(model, tea, "m1", "cy", "past", true, 0);
    draw(&desk);
    expect(
        &desk,
        "12:01 cy took back +1 from bob: good morning\n12:00 [#ops] ^[bob reacted :) to cy: why\n",
        "#tea ada>", 10);
    traffic_take_back(model, ops, "m2", "bob", "spam", noon_ms);
    traffic_take_back(model, ops, "m2", "bob", "spam", noon_ms);
    draw(&desk);
    expect(&desk, "12:00 [#ops] bob removed cy: why (spam)\n", "#tea ada>", 10);
    heard = (struct heard){LINE_TALK, .nick = "cy", .text = "yes", .time_ms = noon_ms};
    heard.reply_to = "m1";
    traffic_hear(model, tea, &heard);
    linear_draw(&desk.linear, model, COLS, noon_ms, &desk.out);
    assert_non_null(strstr(desk.out.data, "12:00 ↳ bob: good morning / cy: yes"));
    desk_release(&desk);
}

/* Of very many the newest are told. */
static void test_more_is_done_than_can_be_kept(void **state)
{
    (void)state;
    struct desk desk;
    char text[16];
    size_t rows = 0;
    desk_init(&desk, "\033[K");
    const struct heard heard = {
        .kind = LINE_TALK, .nick = "bob", .text = "x", .msgid = "m1", .time_ms = noon_ms};
    traffic_hear(desk.model, desk.model->current, &heard);
    draw(&desk);
    str_reset(&desk.above);
    for (int i = 0; i < 2 * LINE_EVENTS_MAX; i++) {
        snprintf(text, sizeof(text), "%d", i / 2);
        traffic_react(desk.model, desk.model->current, "m1", "cy", text, i % 2 == 0, noon_ms);
    }
    draw(&desk);
    for (const char *at = desk.above.data; (at = strchr(at, '\n')); at++)
        rows++;
    assert_int_equal(rows, LINE_EVENTS_MAX);
    assert_memory_equal(desk.above.data, "12:00 cy reacted 128 to bob: x\n", 31);
    desk_release(&desk);
}

static void test_what_the_screen_would_show_beside(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    traffic_member(desk.model, desk.model->current, "bob", ' ');
    traffic_member(desk.model, desk.model->current, "bobby", ' ');
    press(&desk, "bo<Tab>");
    assert_non_null(strstr(desk.above.data, "bob"));
    assert_non_null(strstr(desk.above.data, "bobby"));
    str_reset(&desk.above);
    press(&desk, "<C-c><M-1>");
    assert_string_equal(desk.above.data, "in lab\n");
    desk_release(&desk);
}

static void test_a_list_has_a_row_for_each_thing(void **state)
{
    (void)state;
    struct desk desk;
    desk_open(&desk);
    press(&desk, "/rooms<Enter>");
    expect(&desk,
           "12:00 - 1  lab\n  2  #tea  (here)\n"
           "Alt-2 or /buffer 2 goes there; so does a part of its name\n",
           "#tea ada>", 10);
    hear(&desk, "#tea", "one\n12:00 ada: two");
    expect(&desk, "12:00 bob: one / 12:00 ada: two\n", "#tea ada>", 10);
    desk_release(&desk);
}

int main(void)
{
    setenv("TZ", "UTC", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arrivals_stand_above_the_line_being_typed),
        cmocka_unit_test(test_what_cannot_be_taken_away_is_not_disturbed),
        cmocka_unit_test(test_little_is_written),
        cmocka_unit_test(test_a_long_line_moves_sideways),
        cmocka_unit_test(test_own_lines),
        cmocka_unit_test(test_others_speak_before_the_answer),
        cmocka_unit_test(test_own_lines_without_an_answer),
        cmocka_unit_test(test_what_is_said_is_harmless),
        cmocka_unit_test(test_what_is_done_to_messages),
        cmocka_unit_test(test_more_is_done_than_can_be_kept),
        cmocka_unit_test(test_what_the_screen_would_show_beside),
        cmocka_unit_test(test_a_list_has_a_row_for_each_thing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
