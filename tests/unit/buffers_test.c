/* Buffers: order of lines, bounds, unread, switching, members and scrolling. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/editor.h"
#include "client/model/mention.h"
#include "client/model/scroll.h"
#include "tests/unit/lobby.h"

/* Own lines stand below what is settled, until they are settled too. */
static void test_pending(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current;
    lobby_press(model, "one<Enter>two<Enter>three<Enter>");
    assert_int_equal(lobby->pending, 3);
    uint64_t one = buffer_line_at(lobby, 0)->id, two = buffer_line_at(lobby, 1)->id;
    lobby_hear(model, lobby, "bob", "between");
    assert_string_equal(buffer_line_at(lobby, 0)->text, "between");
    traffic_settle(model, two, LINE_FAILED, 0);
    traffic_settle(model, one, LINE_SETTLED, 77);
    model_check(model);
    assert_string_equal(buffer_line_at(lobby, 1)->text, "two");
    assert_string_equal(buffer_line_at(lobby, 2)->text, "one");
    assert_int_equal(buffer_line_at(lobby, 2)->time_ms, 77);
    assert_int_equal(lobby->pending, 1);
    traffic_settle(model, two, LINE_PENDING, 0);
    model_check(model);
    assert_string_equal(buffer_line_at(lobby, 3)->text, "two");
    assert_int_equal(traffic_pending(model), 2);
    traffic_settle(model, 4711, LINE_SETTLED, 0);
    lobby_press(model, "/clear<Enter>");
    assert_int_equal(buffer_line_count(lobby), 2);
    model_free(model);
}

static void test_long_texts(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current;
    char *text = malloc(LINE_TEXT_MAX_BYTES + 100);
    assert_non_null(text);
    memset(text, 'x', LINE_TEXT_MAX_BYTES + 99);
    text[LINE_TEXT_MAX_BYTES + 99] = '\0';
    for (int i = 0; i < 2 * BUFFER_LINES_MAX_BYTES / LINE_TEXT_MAX_BYTES; i++)
        lobby_hear(model, lobby, text, text);
    traffic_topic(model, lobby, text);
    model_check(model);
    assert_true(lobby->line_bytes <= BUFFER_LINES_MAX_BYTES);
    assert_int_equal(strlen(buffer_line_at(lobby, 0)->text), LINE_TEXT_MAX_BYTES);
    assert_int_equal(strlen(lobby->topic), BUFFER_TOPIC_MAX_BYTES);
    free(text);
    model_free(model);
}

static void test_unread(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current, *ops = lobby_room(model, "#ops");
    uint64_t first = lobby_hear(model, ops, "bob", "hello");
    lobby_hear(model, ops, "bob", "ADA: look");
    traffic_hear(model, ops, &(struct heard){.kind = LINE_JOIN, .nick = "dan"});
    traffic_hear(model, ops, &(struct heard){.kind = LINE_TALK, .nick = "dan", .past = true});
    assert_int_equal(ops->unread[UNREAD_TALK], 1);
    assert_int_equal(ops->unread[UNREAD_MENTION], 1);
    assert_int_equal(ops->unread[UNREAD_EVENT], 1);
    assert_int_equal(ops->first_unread, first);
    assert_int_equal(model_take_effects(model), EFFECT_BELL);
    struct buffer *bob = traffic_buffer(model, BUFFER_PERSON, "bob");
    lobby_hear(model, bob, "bob", "psst");
    assert_ptr_equal(model->current, lobby);
    assert_int_equal(bob->unread[UNREAD_MENTION], 1);
    /* The next unread one is first the one that speaks to the user. */
    lobby_press(model, "<M-a>");
    assert_ptr_equal(model->current, ops);
    assert_int_equal(ops->unread[UNREAD_TALK], 0);
    assert_int_equal(ops->first_unread, first);
    lobby_hear(model, ops, "bob", "seen");
    assert_int_equal(ops->first_unread, first);
    lobby_press(model, "<M-a>");
    assert_ptr_equal(model->current, bob);
    assert_int_equal(ops->first_unread, 0);
    lobby_press(model, "<M-a>");
    assert_string_equal(model->hint.data, "nothing unread");
    /* Looking away is leaving. */
    lobby_press(model, "<FocusOut>");
    uint64_t unseen = lobby_hear(model, bob, "bob", "still there?");
    assert_int_equal(bob->first_unread, unseen);
    lobby_press(model, "<FocusIn>");
    assert_int_equal(bob->first_unread, unseen);
    assert_int_equal(bob->unread[UNREAD_MENTION], 0);
    model_free(model);
}

static void test_buffers(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current, *ops = lobby_room(model, "#ops");
    assert_string_equal(lobby->name, "#lobby");
    lobby_press(model, "for the lobby<M-3>for ops<M-Left>");
    assert_ptr_equal(model->current, lobby);
    assert_string_equal(editor_text(lobby->draft, NULL), "for the lobby");
    assert_string_equal(editor_text(ops->draft, NULL), "for ops");
    lobby_press(model, "<M-Left><M-Left>");
    assert_ptr_equal(model->current, ops);
    lobby_press(model, "<M-Right>");
    assert_ptr_equal(model->current, model->buffers[0]);
    lobby_press(model, "/buffer #LOBBY<Enter>");
    assert_ptr_equal(model->current, lobby);
    lobby_press(model, "<C-u>/buffer 3<Enter>");
    assert_ptr_equal(model->current, ops);
    lobby_press(model, "<C-u>/query Bob<Enter>");
    assert_int_equal(model->current->kind, BUFFER_PERSON);
    assert_ptr_equal(model_find(model, "BOB"), model->current);
    traffic_name(model, model->current, "robert");
    assert_null(model_find(model, "bob"));
    lobby_press(model, "half<C-r>");
    traffic_close(model, model->current);
    model_check(model);
    assert_ptr_equal(model->current, ops);
    assert_null(model->isearch);
    lobby_press(model, "/close<Enter>");
    assert_int_equal(model->buffer_count, 2);
    char *intents = lobby_intents(model);
    assert_string_equal(intents, "PART #ops");
    free(intents);
    model_free(model);
}

/* Rooms that open by themselves take the screen only from a user who has not begun. */
static void test_first_room(void **state)
{
    (void)state;
    struct model *model = model_new("lab.local", "ada", NULL);
    lobby_press(model, "typing");
    lobby_room(model, "#lobby");
    assert_ptr_equal(model->current, model->buffers[0]);
    lobby_press(model, "<C-u>"); /* which could be taken back */
    lobby_room(model, "#lobby");
    assert_ptr_equal(model->current, model->buffers[0]);
    lobby_press(model, "/away<Enter>");
    lobby_room(model, "#lobby");
    assert_ptr_equal(model->current, model->buffers[1]);
    lobby_room(model, "#ops");
    assert_ptr_equal(model->current, model->buffers[1]);
    model_free(model);
}

static void test_members(void **state)
{
    (void)state;
    struct model *model = lobby_model();
    struct buffer *lobby = model->current;
    assert_true(traffic_is_member(lobby, "BOB") && traffic_is_member(lobby, "cY"));
    traffic_member(model, lobby, "bob", '@');
    assert_int_equal(lobby->members.count, 3);
    assert_int_equal(members_find(&lobby->members, "bob")->prefix, '@');
    traffic_member_renamed(model, lobby, "bob", "Robert");
    assert_int_equal(members_find(&lobby->members, "robert")->prefix, '@');
    traffic_member_renamed(model, lobby, "robert", "CY");
    assert_int_equal(lobby->members.count, 2);
    traffic_member_away(model, lobby, "cy", true);
    assert_true(members_find(&lobby->members, "cy")->away);
    traffic_member_gone(model, lobby, "nobody");
    traffic_member_gone(model, lobby, "cy");
    assert_int_equal(lobby->members.count, 1);
    traffic_members_clear(model, lobby);
    assert_int_equal(lobby->members.count, 0);
    model_free(model);
}

static void test_mention(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool found;
    } cases[] = {
        {"ada: hello", true}, {"hello ADA", true}, {"hello, ada!", true}, {"[ada]", true},
        {"adamant", false},   {"canada", false},   {"ada-b", false},      {"ada_", false},
        {"adaé", false},      {"", false},         {"x ada", true},       {"adaada ada", true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(mention_in(cases[i].text, "Ada"), cases[i].found);
    assert_false(mention_in("anything", ""));
}

/* Scrolling with lines of one to three rows and a page of ten. */
static int rows_by_length(const struct model *model, const struct buffer *buffer, size_t index)
{
    (void)model;
    return (int)strlen(buffer_line_at(buffer, index)->text);
}

static int page_of_ten(const struct model *model)
{
    (void)model;
    return 10;
}

static size_t rows_below(const struct buffer *buffer)
{
    if (buffer->scroll.line == 0)
        return 0;
    size_t index = (size_t)buffer_line_index(buffer, buffer->scroll.line);
    size_t rows = strlen(buffer_line_at(buffer, index)->text) - 1 - (size_t)buffer->scroll.row;
    for (size_t i = index + 1; i < buffer_line_count(buffer); i++)
        rows += strlen(buffer_line_at(buffer, i)->text);
    return rows;
}

static void test_scroll(void **state)
{
    (void)state;
    const struct measure measure = {page_of_ten, rows_by_length, NULL};
    struct model *model = model_new("lab.local", "ada", &measure);
    struct buffer *lobby = lobby_room(model, "#lobby");
    lobby_press(model, "<PgUp><PgDn>");
    static const char *const texts[] = {"x", "xx", "xxx"};
    for (int i = 0; i < 21; i++)
        lobby_hear(model, lobby, "bob", texts[i % 3]);
    lobby_press(model, "<PgUp>");
    assert_int_equal(rows_below(lobby), 9);
    lobby_press(model, "<WheelUp>");
    assert_int_equal(rows_below(lobby), 12);
    struct scroll before = lobby->scroll;
    lobby_hear(model, lobby, "bob", "xxx");
    assert_memory_equal(&before, &lobby->scroll, sizeof(before));
    lobby_press(model, "<PgUp><PgUp><PgUp><PgUp><PgUp>");
    assert_int_equal(rows_below(lobby), 42 + 3 - 10);
    lobby_press(model, "<PgDn>");
    assert_int_equal(rows_below(lobby), 42 + 3 - 10 - 9);
    scroll_to_line(model, buffer_line_at(lobby, 0)->id);
    assert_int_equal(rows_below(lobby), 42 + 3 - 10);
    lobby_press(model, "<M-End>");
    assert_int_equal(lobby->scroll.line, 0);
    lobby_press(model, "<M-Home>");
    assert_int_equal(rows_below(lobby), 42 + 3 - 10);
    lobby_press(model, "<PgDn><PgDn><PgDn><PgDn>");
    assert_int_equal(lobby->scroll.line, 0);
    /* Saying something shows it. */
    lobby_press(model, "<PgUp>");
    assert_int_not_equal(lobby->scroll.line, 0);
    traffic_joined(model, lobby, true);
    lobby_press(model, "x<Enter>");
    assert_int_equal(lobby->scroll.line, 0);
    /* The line scrolled to is forgotten. */
    lobby_press(model, "<PgUp>");
    for (int i = 0; i < BUFFER_LINES_MAX; i++)
        lobby_hear(model, lobby, "bob", "x");
    lobby_press(model, "<PgUp><PgDn>");
    model_check(model);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pending),    cmocka_unit_test(test_long_texts),
        cmocka_unit_test(test_unread),     cmocka_unit_test(test_buffers),
        cmocka_unit_test(test_first_room), cmocka_unit_test(test_members),
        cmocka_unit_test(test_mention),    cmocka_unit_test(test_scroll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
