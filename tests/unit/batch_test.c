/* What is said in a room in one turn, to connections that are told in groups: everybody reads it in his
 * own group's words, in order with whatever else he is sent, and once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/pump_bed.h"

/* So many of a connection's lines are stepped before what was said so far is delivered. */
#define PASS "?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n?-\n"
#define PASS_READ "-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n-\n"
#define PAUSE "\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n"

static struct pump_bed *bed;

static int set_up(void **state)
{
    (void)state;
    bed = bed_new(PEERS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bed_free(bed);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static struct peer *enter(const char *nick, const char *group)
{
    struct peer *peer = bed_enter(bed, nick);
    bed_say(peer, group);
    bed_turns(bed);
    return peer;
}

/* Says one thing in the first pass of a turn, and another in the second one. */
static void say_twice(struct peer *peer)
{
    bed_say(peer, "one\n" PAUSE "two\n");
}

static void each_group_has_its_words(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = enter("cy", "&0\n");
    struct peer *dan = enter("dan", "&1\n");
    struct peer *eve = bed_enter(bed, "eve");
    mini_formatted = 0;
    bed_say(ada, "one\ntwo\n");
    bed_turn(bed);
    assert_int_equal(mini_formatted, 2 * 3);
    assert_read(ada, "");
    assert_read(bob, "ada>0 one\nada>0 two\n");
    assert_read(cy, "ada>0 one\nada>0 two\n");
    assert_read(dan, "ada>1 one\nada>1 two\n");
    assert_read(eve, "ada: one\nada: two\n");
}

static void who_speaks_hears_the_others(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = enter("cy", "&0\n");
    say_twice(ada);
    say_twice(bob);
    bed_turn(bed);
    assert_read(ada, "bob>0 one\nbob>0 two\n");
    assert_read(bob, "ada>0 one\nada>0 two\n");
    assert_read(cy, "ada>0 one\nbob>0 one\nada>0 two\nbob>0 two\n");
}

static void an_answer_keeps_its_place(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    say_twice(ada);
    bed_say(bob, PASS "?between\n");
    bed_turn(bed);
    assert_read(bob, PASS_READ "ada>0 one\nbetween\nada>0 two\n");
}

static void a_change_of_group_is_for_what_follows(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = enter("cy", "&0\n");
    struct peer *dan = bed_enter(bed, "dan");
    say_twice(ada);
    bed_say(bob, PASS "&1\n");
    bed_say(cy, PASS "&255\n");
    bed_say(dan, PASS "&1\n");
    bed_turn(bed);
    assert_read(bob, PASS_READ "ada>0 one\nada>1 two\n");
    assert_read(cy, PASS_READ "ada>0 one\nada: two\n");
    assert_read(dan, PASS_READ "ada: one\nada>1 two\n");
}

static void who_leaves_has_heard_what_was_said(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = enter("cy", "&0\n");
    say_twice(ada);
    bed_say(bob, PASS "!off\n");
    bed_turns(bed);
    assert_read(bob, PASS_READ "ada>0 one\nstill here\nbye off\n");
    assert_read(cy, "ada>0 one\n-bob off\nada>0 two\n");
}

static void who_comes_hears_what_follows(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = bed_come(bed);
    bed_say(ada, "one\n" PAUSE "two\n" PAUSE "three\n");
    bed_say(cy, "&0\n" PAUSE "=cy\n");
    bed_turns(bed);
    assert_non_null(strstr(bob->out.data, "ada>0 one\nada>0 two\n"));
    assert_non_null(strstr(bob->out.data, "ada>0 three\n"));
    assert_non_null(strstr(cy->out.data, "ada>0 three\n"));
    assert_null(strstr(cy->out.data, "one"));
}

/* More than one batch holds, of several speakers, to one who is told event by event and one who is not. */
static void all_that_a_turn_holds_arrives(void **state)
{
    (void)state;
    struct peer *speakers[4];
    struct peer *bob = enter("bob", "&0\n");
    struct peer *cy = bed_enter(bed, "cy");
    for (size_t i = 0; i < 4; i++) {
        const char nick[] = {'s', (char)('0' + i), '\0'};
        speakers[i] = enter(nick, "&0\n");
    }
    str_reset(&bob->out);
    str_reset(&cy->out);
    for (int n = 0; n < 1000; n++) {
        char line[32];
        snprintf(line, sizeof line, "%d\n", n);
        bed_say(speakers[n % 4], line);
    }
    bed_turns(bed);
    int next[4] = {0, 1, 2, 3};
    const char *other = cy->out.data;
    for (const char *at = bob->out.data; *at; at = strchr(at, '\n') + 1) {
        int who, what;
        assert_int_equal(sscanf(at, "s%d>0 %d\n", &who, &what), 2);
        assert_int_equal(what, next[who]);
        next[who] += 4;
        int other_who, other_what;
        assert_int_equal(sscanf(other, "s%d: %d\n", &other_who, &other_what), 2);
        assert_true(other_who == who && other_what == what);
        other = strchr(other, '\n') + 1;
    }
    assert_string_equal(other, "");
    for (int i = 0; i < 4; i++)
        assert_int_equal(next[i], 1000 + i);
}

/* A turn whose bytes nobody has fetched yet is followed by another. */
static void what_was_not_fetched_is_not_lost(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    bed_say(ada, "one\n");
    pump_turn(bed->pump, 1000);
    bed_say(ada, "two\n");
    pump_turn(bed->pump, 1000);
    bed_turn(bed);
    assert_read(bob, "ada>0 one\nada>0 two\n");
}

static void who_sleeps_reads_it_later(void **state)
{
    (void)state;
    struct peer *ada = enter("ada", "&0\n");
    struct peer *bob = enter("bob", "&0\n");
    bob->sleeps = true;
    for (int n = 0; n < 3; n++) {
        say_twice(ada);
        bed_turn(bed);
    }
    bob->sleeps = false;
    bed_receive(bob);
    assert_read(bob, "ada>0 one\nada>0 two\nada>0 one\nada>0 two\nada>0 one\nada>0 two\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_group_has_its_words),           TEST(who_speaks_hears_the_others),
        TEST(an_answer_keeps_its_place),          TEST(a_change_of_group_is_for_what_follows),
        TEST(who_leaves_has_heard_what_was_said), TEST(who_comes_hears_what_follows),
        TEST(all_that_a_turn_holds_arrives),      TEST(what_was_not_fetched_is_not_lost),
        TEST(who_sleeps_reads_it_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
