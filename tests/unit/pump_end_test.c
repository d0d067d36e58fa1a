/* The end of connections, and those who send too much, with a door of a few words and no socket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"
#include "tests/unit/pump_bed.h"

static void leaving_says_farewell_and_is_told(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    bed_say(ada, "last words\n!enough\nnot heard\n");
    bed_turns(bed);
    assert_int_equal(ada->fate, PUMP_END);
    assert_read(ada, "still here\nbye enough\n");
    assert_read(bob, "ada: last words\n-ada enough\n");
    assert_int_equal(pump_open_count(bed->pump), 1);
    assert_int_equal(mini_records, 1);
    bed_say(ada, "a ghost\n"); /* its id finds nobody */
    bed_turns(bed);
    assert_read(bob, "");
    bed_free(bed);
}

static void lines_before_the_end_of_input_count(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    for (int i = 0; i < 300; i++)
        bed_say(ada, "x\n");
    bed_say(ada, "no newline");
    pump_eof(bed->pump, ada->session, "Connection reset");
    bed_turns(bed);
    assert_non_null(strstr(bob->out.data, "ada: no newline\n-ada Connection reset\n"));
    assert_int_equal(bob->out.len,
                     300 * strlen("ada: x\n") + strlen("ada: no newline\n-ada Connection reset\n"));
    assert_read(ada, "bye Connection reset\n");
    bed_free(bed);
}

static void a_closed_connection_leaves_at_once(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    bed_say(ada, "never stepped\n");
    pump_closed(bed->pump, ada->session, 1000);
    pump_closed(bed->pump, ada->session, 1000);
    assert_true(pump_ready(bed->pump));
    bed_turns(bed);
    assert_read(bob, "-ada Connection closed\n");
    struct peer *cy =
        bed_enter(bed, "cy"); /* in the slot that is free now, with an id of its own */
    assert_int_equal(session_slot(cy->session), session_slot(ada->session));
    assert_true(cy->session != ada->session);
    bed_free(bed);
}

/* What was on its way to somebody who left is not for the one who sits in his slot now. */
static void a_slot_has_no_heirs(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *bob = bed_enter(bed, "bob");
    struct peer *ada = bed_enter(bed, "ada");
    slow_store_hold(bed->store);
    bed_say(bob, "are you there?\n");
    bed_turns(bed);
    bed_say(ada, "!bye\n");
    bed_turns(bed);
    struct peer *cy = bed_come(bed);
    assert_int_equal(session_slot(cy->session), session_slot(ada->session));
    slow_store_release(bed->store);
    bed_turns(bed);
    assert_read(cy, "");
    assert_read(bob, "-ada bye\n");
    bed_free(bed);
}

static void one_too_many_is_told_so(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(2);
    struct peer *ada = bed_enter(bed, "ada");
    bed_enter(bed, "bob");
    struct peer *cy = bed_come(bed);
    bed_say(cy, "=cy\n");
    bed_turns(bed);
    assert_int_equal(cy->fate, PUMP_END);
    assert_read(cy, "refused\nbye No more connections\n");
    assert_int_equal(ada->fate, PUMP_KEEP);
    bed_free(bed);
}

static void a_tick_may_end_sessions(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    pump_tick(bed->pump, 1665);
    assert_false(pump_ready(bed->pump));
    pump_tick(bed->pump, 1666);
    assert_true(pump_ready(bed->pump));
    bed_turns(bed);
    assert_read(ada, "bye tired\n");
    bed_free(bed);
}

static void everybody_is_told_good_bye(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *nobody = bed_come(bed);
    pump_end_all(bed->pump, "stop", 1000);
    bed_turns(bed);
    assert_read(ada, "bye stop\n");
    assert_read(nobody, "bye stop\n");
    assert_int_equal(pump_open_count(bed->pump), 0);
    bed_free(bed);
}

static size_t count_of(struct peer *peer, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < peer->out.len; i++)
        count += peer->out.data[i] == c;
    str_reset(&peer->out);
    return count;
}

static void tick(struct pump_bed *bed, int64_t now_ms)
{
    pump_tick(bed->pump, now_ms);
    do
        bed_turn_at(bed, now_ms);
    while (pump_ready(bed->pump));
}

static void who_sends_too_much_is_read_more_slowly(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    pump_set_rate(bed->pump, 2);
    for (int i = 0; i < 50; i++)
        bed_say(ada, "?a\n");
    bed_say(bob, "?b\n");
    bed_turns(bed);
    assert_int_equal(count_of(ada, 'a'), 2 * PUMP_BURST_S);
    assert_int_equal(count_of(bob, 'b'), 1);
    tick(bed, 2000);
    assert_int_equal(count_of(ada, 'a'), 2);
    tick(bed, 9000);
    assert_int_equal(count_of(ada, 'a'), 14);
    for (int64_t now_ms = 10000; now_ms <= 20000; now_ms += 1000)
        tick(bed, now_ms);
    assert_int_equal(count_of(ada, 'a'), 14); /* the rest */
    bed_free(bed);
}

/* Times are kept in what begins anew every seventy minutes. */
static void who_comes_at_any_time_has_sent_nothing_yet(void **state)
{
    (void)state;
    for (int64_t before_ms = 1000; before_ms < 30000; before_ms += 1000) {
        struct pump_bed *bed = bed_new(PEERS);
        int64_t now_ms = UINT32_MAX / 1000 - before_ms;
        pump_set_rate(bed->pump, 2);
        struct peer *ada = bed_come_at(bed, now_ms);
        bed_say(ada, "=ada\n");
        for (int i = 0; i < 50; i++)
            bed_say(ada, "?q\n");
        tick(bed, now_ms);
        assert_int_equal(count_of(ada, 'q'), 2 * PUMP_BURST_S - 1);
        bed_free(bed);
    }
}

static void who_never_stops_is_ended(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    pump_set_rate(bed->pump, 2);
    for (int64_t now_ms = 1000; now_ms < 1000 + PUMP_FLOOD_MS; now_ms += 1000) {
        while (pump_space(bed->pump, ada->session) >= 1000)
            for (int i = 0; i < 100; i++)
                bed_say(ada, "?a\n");
        tick(bed, now_ms);
        count_of(ada, 'a');
    }
    assert_read(bob, "");
    tick(bed, 1000 + PUMP_FLOOD_MS);
    assert_string_equal(ada->out.data, "bye Excess flood\n");
    assert_read(bob, "-ada Excess flood\n");
    bed_free(bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaving_says_farewell_and_is_told),
        cmocka_unit_test(lines_before_the_end_of_input_count),
        cmocka_unit_test(a_closed_connection_leaves_at_once),
        cmocka_unit_test(a_slot_has_no_heirs),
        cmocka_unit_test(one_too_many_is_told_so),
        cmocka_unit_test(a_tick_may_end_sessions),
        cmocka_unit_test(everybody_is_told_good_bye),
        cmocka_unit_test(who_sends_too_much_is_read_more_slowly),
        cmocka_unit_test(who_comes_at_any_time_has_sent_nothing_yet),
        cmocka_unit_test(who_never_stops_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
