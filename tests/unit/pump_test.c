/* The turn, with a door of a few words and no socket: order, fairness, waiting, limits. */
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

enum { FLOODERS = 20 };

static void one_formatting_for_all_of_a_class(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *peers[8];
    for (int i = 0; i < 8; i++) {
        char nick[8];
        snprintf(nick, sizeof nick, "p%d", i);
        peers[i] = bed_enter(bed, nick);
    }
    mini_formatted = 0;
    bed_say(peers[0], "hello\nwor");
    bed_say(peers[0], "ld\n");
    bed_turn(bed);
    assert_int_equal(mini_formatted, 4);
    assert_read(peers[0], "");
    for (int i = 1; i < 8; i++)
        assert_read(peers[i], "p0: hello\np0: world\n");
    bed_free(bed);
}

static void nothing_is_shown_before_it_is_stored(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    slow_store_hold(bed->store);
    bed_say(ada, "one\n?fence\ntwo\n");
    bed_say(bob, "?free\n");
    bed_turns(bed);
    assert_read(ada, "");
    assert_read(bob, "free\n");
    slow_store_release(bed->store);
    bed_turns(bed);
    assert_read(ada, "fence\n");
    assert_read(bob, "ada: one\nada: two\n");
    bed_free(bed);
}

static void what_cannot_be_stored_is_refused(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    slow_store_hold(bed->store);
    bed_say(ada, "one\ntwo\n?fence\n");
    bed_turns(bed);
    slow_store_fail(bed->store);
    bed_turns(bed);
    assert_read(ada, "refused\nrefused\nfence\n");
    assert_read(bob, "");
    bed_say(ada, "three\n");
    bed_turns(bed);
    assert_read(bob, "ada: three\n");
    bed_free(bed);
}

/* Who says more than the log takes at once is read more slowly, and not refused. */
static void too_much_in_flight_waits(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    slow_store_hold(bed->store);
    for (int i = 0; i < 10 * PUMP_IN_FLIGHT; i++)
        bed_say(ada, "x\n");
    bed_turns(bed);
    assert_int_equal(store_pending(bed->store), PUMP_IN_FLIGHT);
    assert_read(ada, "");
    slow_store_release(bed->store);
    bed_turns(bed);
    assert_int_equal(store_pending(bed->store), 0);
    assert_int_equal(bob->out.len, 10 * PUMP_IN_FLIGHT * strlen("ada: x\n"));
    assert_read(ada, "");
    bed_free(bed);
}

/* Says lines of 500 bytes until no more are taken, or there are far too many; returns how many. */
static size_t flood(struct peer *peer)
{
    char line[502];
    size_t said = 0;
    memset(line, 'x', 500);
    snprintf(line + 500, 2, "\n");
    while (said < 300 && pump_space(peer->bed->pump, peer->session) > sizeof line) {
        bed_say(peer, line);
        bed_turns(peer->bed);
        said++;
    }
    return said;
}

/* So that nobody's line stands behind much of another's in the queue before the disk. */
static void many_bytes_in_flight_wait(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    slow_store_hold(bed->store);
    assert_in_range(flood(ada), 1, 299);
    size_t taken = store_pending(bed->store);
    assert_in_range(taken, PUMP_IN_FLIGHT_BYTES / 1000, PUMP_IN_FLIGHT_BYTES / 500);
    slow_store_release(bed->store);
    bed_turns(bed);
    assert_int_equal(store_pending(bed->store), 0);
    bed_free(bed);
}

/* What many say at once waits where it is, and nobody is refused; a log that is down keeps nobody. */
static void a_full_log_keeps_all_waiting(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(FLOODERS + 1);
    struct peer *flooders[FLOODERS];
    for (int i = 0; i < FLOODERS; i++) {
        const char nick[] = {'p', (char)('a' + i), '\0'};
        flooders[i] = bed_enter(bed, nick);
    }
    struct peer *bob = bed_enter(bed, "bob");
    slow_store_hold(bed->store);
    size_t said = 0;
    for (int i = 0; i < FLOODERS; i++)
        said += flood(flooders[i]);
    size_t taken = store_pending(bed->store);
    assert_in_range(taken, PUMP_LOG_BYTES / 1000, PUMP_LOG_BYTES / 500);
    bed_say(bob, "?later\n");
    bed_turns(bed);
    assert_read(bob, "");
    assert_false(pump_ready(bed->pump));
    slow_store_release(bed->store);
    bed_turns(bed);
    assert_int_equal(store_pending(bed->store), 0);
    assert_non_null(strstr(bob->out.data, "later\n"));
    assert_int_equal(bob->out.len, strlen("later\n") + said * (strlen("pa: \n") + 500));
    slow_store_hold(bed->store);
    for (int i = 0; i < FLOODERS; i++)
        flood(flooders[i]);
    slow_store_set_up(bed->store, false);
    str_reset(&bob->out);
    bed_say(bob, "?now\n");
    bed_turns(bed);
    assert_read(bob, "now\n");
    bed_free(bed);
}

static void overlong_lines_keep_their_place(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    char line[MINI_LINE_BYTES + 4];
    memset(line, 'x', sizeof line);
    snprintf(line + MINI_LINE_BYTES + 1, 3, "\n");
    bed_say(ada, "?before\n");
    bed_say(ada, line);
    bed_say(ada, "?after\n");
    bed_turns(bed);
    assert_read(ada, "before\ntoo long\nafter\n");
    bed_free(bed);
}

/* Whoever sends a lot waits between his own lines, and nobody waits for him. */
static void nobody_starves(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    for (int i = 0; i < 2000; i++)
        bed_say(ada, "?x\n");
    bed_say(bob, "?quick\n");
    bed_turn(bed);
    assert_read(bob, "quick\n");
    assert_true(pump_ready(bed->pump));
    assert_true(ada->out.len < 2000 * 2);
    bed_turns(bed);
    assert_int_equal(ada->out.len, 2000 * 2);
    bed_free(bed);
}

/* 20,000 lines at once are all delivered, by reading slower. */
static void too_much_input_is_not_read_yet(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    size_t sent = 0, refused = 0;
    while (sent < 20000) {
        char line[16];
        int len = snprintf(line, sizeof line, "n%05zu\n", sent);
        size_t space = pump_space(bed->pump, ada->session);
        if (space >= (size_t)len) {
            pump_data(bed->pump, ada->session, line, (size_t)len);
            sent++;
            continue;
        }
        refused++;
        bed_turn(bed);
    }
    bed_turns(bed);
    assert_in_range(refused, 1, 1000);
    const char *at = bob->out.data;
    for (size_t i = 0; i < sent; i++) {
        char line[32];
        int len = snprintf(line, sizeof line, "ada: n%05zu\n", i);
        assert_memory_equal(at, line, len);
        at += len;
    }
    assert_int_equal(*at, '\0');
    bed_free(bed);
}

/* A paused connection becomes dirty when it may be read again, though nothing is sent to it. */
static void reading_is_resumed(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    char lines[PUMP_INPUT_BYTES / 2 + 2];
    memset(lines, '\n', sizeof lines);
    pump_data(bed->pump, ada->session, lines, sizeof lines - 1);
    assert_int_equal(pump_space(bed->pump, ada->session), 0);
    struct pump_dirty dirty = {0};
    pump_turn(bed->pump, 1000);
    assert_true(pump_next_dirty(bed->pump, &dirty));
    assert_ptr_equal(dirty.link, ada);
    assert_true(pump_space(bed->pump, ada->session) > 0);
    bed_free(bed);
}

static void replies_that_are_not_read_hold_up_their_own_lines(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *ada = bed_enter(bed, "ada");
    struct peer *bob = bed_enter(bed, "bob");
    ada->sleeps = true;
    for (int i = 0; i < 100; i++)
        bed_say(ada, "*50000\n");
    bed_say(ada, "done\n");
    bed_turns(bed);
    assert_true(ada->queue->bytes <= PUMP_REPLY_BYTES + 50000);
    assert_int_equal(ada->fate, PUMP_KEEP);
    assert_read(bob, "");
    ada->sleeps = false;
    bed_receive(ada);
    bed_turns(bed);
    assert_int_equal(ada->out.len, 100 * 50000);
    assert_read(bob, "ada: done\n");
    bed_free(bed);
}

/* What all say in one turn is never too much for one who reads. */
static void a_turn_stops_when_it_has_enough_to_send(void **state)
{
    (void)state;
    struct pump_bed *bed = bed_new(PEERS);
    struct peer *peers[PEERS];
    char line[402];
    memset(line, 'z', sizeof line);
    line[398] = '\n';
    line[399] = '\0';
    for (int i = 0; i < PEERS; i++) {
        char nick[8];
        snprintf(nick, sizeof nick, "p%d", i);
        peers[i] = bed_enter(bed, nick);
    }
    for (int i = 1; i < PEERS; i++) {
        for (int n = 0; n < 80; n++)
            bed_say(peers[i], line);
    }
    bed_turns(bed);
    for (int i = 0; i < PEERS; i++)
        assert_int_equal(peers[i]->fate, PUMP_KEEP);
    size_t lines = 0;
    for (const char *at = peers[0]->out.data; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, (PEERS - 1) * 80);
    bed_free(bed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_formatting_for_all_of_a_class),
        cmocka_unit_test(nothing_is_shown_before_it_is_stored),
        cmocka_unit_test(what_cannot_be_stored_is_refused),
        cmocka_unit_test(too_much_in_flight_waits),
        cmocka_unit_test(many_bytes_in_flight_wait),
        cmocka_unit_test(a_full_log_keeps_all_waiting),
        cmocka_unit_test(overlong_lines_keep_their_place),
        cmocka_unit_test(nobody_starves),
        cmocka_unit_test(too_much_input_is_not_read_yet),
        cmocka_unit_test(reading_is_resumed),
        cmocka_unit_test(replies_that_are_not_read_hold_up_their_own_lines),
        cmocka_unit_test(a_turn_stops_when_it_has_enough_to_send),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
