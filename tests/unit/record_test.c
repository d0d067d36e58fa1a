/* A room that comes back from the text of its fact, also from one of an older program. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mask_that_no_line_can_carry_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
