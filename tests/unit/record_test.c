/* Rooms, and what is kept of them, that come back from the texts of facts, also from those of an older program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "server/core/hub.h"

static void a_mask_that_no_line_can_carry_is_left_out(void **state)
{
    (void)state;
    struct hub_config config = hub_config_default();
    struct hub *hub = hub_new(&config, 7);
    assert_true(hub_restore_room(hub, "name #tea\nlog #tea\ncreated 1\nflags nt\n"
                                      "ban 1 ada :x!*@*\nuntil 5 ban :x!*@*\n"
                                      "ban 2 ada *!*@::1\n"
                                      "exception 3 ada :y!*@*\n"));
    const struct room *room = hub_find_room(hub, "#tea");
    assert_non_null(room);
    assert_int_equal(room->lists[LIST_BANS].count, 1);
    assert_string_equal(room->lists[LIST_BANS].items[0].text, "*!*@::1");
    assert_int_equal(room->lists[LIST_EXCEPTIONS].count, 0);
    hub_free(hub);
}

/* A connection that has logged in. */
static uint64_t log_in(struct hub *hub, const char *account)
{
    struct outbox out;
    outbox_init(&out);
    const struct command commands[] = {
        {.type = COMMAND_CONNECT, .session = 1 << SESSION_SLOT_BITS, .host = "h", .address = "h"},
        {.type = COMMAND_ACCOUNT, .session = 1 << SESSION_SLOT_BITS, .text = account},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        hub_step(hub, 1000, &commands[i], &out);
        outbox_reset(&out);
    }
    outbox_release(&out);
    return commands[0].session;
}

static void a_mark_that_was_kept_by_the_name_of_a_room_is_found(void **state)
{
    (void)state;
    struct hub_config config = hub_config_default();
    struct hub *hub = hub_new(&config, 7);
    assert_true(hub_restore_room(hub, "name #Coffee\nlog #tea\ncreated 1\nflags nt\n"));
    assert_true(hub_restore_room(hub, "name #Tea\nlog #tea,1\ncreated 1\nflags nt\n"));
    assert_true(hub_restore_mark(hub, HUB_MARK_FACT "ada\n#coffee", "5"));
    assert_true(hub_restore_mark(hub, HUB_MARK_FACT "ada\n#tea,1", "6"));
    assert_true(hub_restore_mark(hub, HUB_MARK_FACT "ada\nbob", "7"));
    uint64_t ada = log_in(hub, "ada");
    assert_int_equal(hub_mark(hub, ada, "#coffee"), 5);
    assert_int_equal(hub_mark(hub, ada, "#tea"), 6);
    assert_int_equal(hub_mark(hub, ada, "bob"), 7);
    hub_free(hub);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_that_no_line_can_carry_is_left_out),
        cmocka_unit_test(a_mark_that_was_kept_by_the_name_of_a_room_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
