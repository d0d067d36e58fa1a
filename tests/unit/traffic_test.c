/* Your line is yours: whatever the network does, the draft, its cursor, its undo and its history
 * stay as they are. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "client/model/editor.h"
#include "tests/unit/lobby.h"

/* Everything that the network side can do, at random, beside a draft with undo and a history. */
static uint32_t chance(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (*seed >> 8) % below;
}

static void random_traffic(struct model *model, uint32_t *seed)
{
    static const char *const names[] = {"#lobby", "#ops", "bob", "ada", "Cy", "\xff", "", "#tea"};
    const char *name = names[chance(seed, 8)], *other = names[chance(seed, 8)];
    struct buffer *buffer =
        traffic_buffer(model, chance(seed, 2) ? BUFFER_ROOM : BUFFER_PERSON, name);
    struct heard heard = {.kind = chance(seed, LINE_ERROR + 1), .nick = other, .text = name};
    switch (chance(seed, 16)) {
    case 0:
        traffic_member(model, buffer, other, '@');
        break;
    case 1:
        traffic_member_gone(model, buffer, other);
        break;
    case 2:
        traffic_member_renamed(model, buffer, other, name);
        break;
    case 3:
        traffic_members_clear(model, buffer);
        break;
    case 4:
        traffic_joined(model, buffer, chance(seed, 2));
        break;
    case 5:
        traffic_topic(model, buffer, other);
        break;
    case 6:
        traffic_own_nick(model, other);
        break;
    case 7:
        traffic_offline(model, 1000, 2000, "gone");
        break;
    case 8:
        traffic_online(model, 3000, true);
        break;
    case 9:
        traffic_settle(model, chance(seed, 200), chance(seed, 4), 0);
        break;
    case 10:
        if (buffer != model->current)
            traffic_close(model, buffer);
        break;
    case 11:
        traffic_name(model, buffer, other);
        break;
    case 12:
        traffic_lag(model, 3);
        traffic_no_answer(model, 1000);
        break;
    default:
        traffic_hear(model, buffer, &heard);
    }
}

static void test_traffic_leaves_drafts_alone(void **state)
{
    (void)state;
    for (uint32_t run = 1; run <= 50; run++) {
        uint32_t seed = run * 2654435761u;
        struct model *model = lobby_model();
        lobby_press(model, "said<Enter>half a line<C-w>word<Left>");
        struct buffer *current = model->current;
        for (int i = 0; i < 300; i++) {
            random_traffic(model, &seed);
            model_check(model);
            assert_ptr_equal(model->current, current);
            assert_string_equal(editor_text(current->draft, NULL), "half a word");
            assert_int_equal(editor_cursor(current->draft), 10);
        }
        lobby_press(model, "<C-_>");
        assert_string_equal(editor_text(current->draft, NULL), "half a ");
        lobby_press(model, "<C-_>");
        assert_string_equal(editor_text(current->draft, NULL), "half a line");
        lobby_press(model, "<Up>");
        assert_string_equal(editor_text(current->draft, NULL), "said");
        model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traffic_leaves_drafts_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
