/* What waits for the disk: never for more than was decided when its turn came, however much is decided
 * meanwhile, and whatever else is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/pump/pump.h"
#include "tests/script/house.h"
#include "tests/script/slow_store.h"

static struct house *house;

static void say(struct house_peer *peer, const char *text)
{
    char line[200];
    int len = snprintf(line, sizeof line, "%s\r\n", text);
    house_send(house, peer, line, (size_t)len);
}

/* Somebody who has read what his coming brought. */
static struct house_peer *arrive(const char *nick, const char *room)
{
    struct house_peer *peer = house_open(house, "host");
    char line[100];
    say(peer, "CAP REQ :message-tags");
    snprintf(line, sizeof line, "NICK %s", nick);
    say(peer, line);
    say(peer, "USER u 0 * :Real");
    say(peer, "CAP END");
    snprintf(line, sizeof line, "JOIN %s", room);
    say(peer, line);
    str_reset(&peer->out);
    return peer;
}

/* The first of the facts that are on their way arrives. */
static void keep_one(void)
{
    const struct store_listener listener = pump_store_listener(house->pump);
    listener.kept(listener.ctx);
    house_run(house);
}

static bool has(const struct house_peer *peer, const char *text)
{
    return strstr(peer->out.data, text) != NULL;
}

struct people {
    struct house_peer *deciding[3]; /* each in a room of his own */
    struct house_peer *typing, *reading;
};

static struct people setting(void)
{
    house = house_new(&(struct house_config){.lobby = NULL});
    struct people people = {
        .deciding = {arrive("a", "#a"), arrive("b", "#b"), arrive("c", "#c")},
        .typing = arrive("typing", "#tea"),
        .reading = arrive("reading", "#tea"),
    };
    str_reset(&people.typing->out);
    slow_store_hold(house->store);
    return people;
}

static void what_is_told_later_does_not_keep_up_what_was_told_before(void **state)
{
    (void)state;
    const struct people people = setting();
    say(people.deciding[0], "MODE #a +m");
    say(people.reading, "PING early");
    say(people.deciding[1], "MODE #b +m");
    say(people.typing, "@+typing=active TAGMSG reading");
    assert_false(has(people.reading, "early"));
    keep_one();
    assert_true(has(people.reading, "early"));
    assert_false(has(people.reading, "active"));
    say(people.deciding[2], "MODE #c +m");
    say(people.typing, "@+typing=done TAGMSG reading");
    keep_one();
    assert_true(has(people.reading, "active"));
    assert_false(has(people.reading, "done"));
    keep_one();
    assert_true(has(people.reading, "done"));
    house_free(house);
}

static void what_others_are_told_holds_up_nobody_s_lines(void **state)
{
    (void)state;
    const struct people people = setting();
    say(people.deciding[0], "MODE #a +m");
    say(people.typing, "@+typing=active TAGMSG reading");
    say(people.reading, "PING one");
    say(people.reading, "PING two");
    say(people.deciding[1], "MODE #b +m");
    say(people.typing, "@+typing=done TAGMSG reading");
    assert_int_equal(people.reading->out.len, 0);
    keep_one();
    assert_true(has(people.reading, "one"));
    assert_false(has(people.reading, "two"));
    say(people.deciding[2], "MODE #c +m");
    say(people.typing, "@+typing=paused TAGMSG reading");
    keep_one();
    assert_true(has(people.reading, "two"));
    assert_false(has(people.reading, "paused"));
    house_free(house);
}

static void who_leaves_behind_two_waits_is_told_so_at_last(void **state)
{
    (void)state;
    const struct people people = setting();
    say(people.deciding[0], "MODE #a +m");
    say(people.typing, "@+typing=active TAGMSG reading");
    say(people.deciding[1], "MODE #b +m");
    say(people.reading, "QUIT");
    keep_one();
    assert_true(has(people.reading, "active"));
    assert_false(people.reading->closed);
    keep_one();
    assert_true(has(people.reading, "ERROR :"));
    assert_true(people.reading->closed);
    house_free(house);
}

static void a_fact_that_has_no_place_does_not_stand_for_another(void **state)
{
    (void)state;
    const struct people people = setting();
    say(people.deciding[0], "MODE #a +m");
    say(people.reading, "PING early");
    while (store_put(house->store, "key", "value", 5) == STORE_OK)
        continue;
    say(people.deciding[1], "MODE #b +om nobody");
    assert_false(has(people.reading, "early"));
    say(people.typing, "PING late");
    assert_false(has(people.typing, "late"));
    assert_false(has(people.deciding[1], "nobody"));
    keep_one();
    assert_true(has(people.reading, "early"));
    assert_true(has(people.typing, "late"));
    assert_true(has(people.deciding[1], "nobody"));
    house_free(house);
}

static void who_waits_is_not_to_blame_for_it(void **state)
{
    (void)state;
    const struct people people = setting();
    say(people.deciding[0], "MODE #a +m");
    say(people.reading, "PING early");
    house_wait(house, 10 * 60 * 1000);
    assert_false(people.reading->closed);
    keep_one();
    assert_true(has(people.reading, "early"));
    assert_false(people.reading->closed);
    house_free(house);
}

static void who_reads_nothing_is_closed_though_something_waits(void **state)
{
    (void)state;
    const struct people people = setting();
    people.reading->sleeps = true;
    say(people.typing, "@+typing=active TAGMSG reading");
    say(people.deciding[0], "MODE #a +m");
    say(people.reading, "PING early");
    house_wait(house, 119 * 1000);
    assert_false(people.reading->closed);
    house_wait(house, 3 * 1000);
    assert_true(people.reading->closed);
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_later_does_not_keep_up_what_was_told_before),
        cmocka_unit_test(what_others_are_told_holds_up_nobody_s_lines),
        cmocka_unit_test(who_leaves_behind_two_waits_is_told_so_at_last),
        cmocka_unit_test(a_fact_that_has_no_place_does_not_stand_for_another),
        cmocka_unit_test(who_waits_is_not_to_blame_for_it),
        cmocka_unit_test(who_reads_nothing_is_closed_though_something_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
