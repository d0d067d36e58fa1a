/* Slow readers: they are shown everything that the others are, in the same order and once, whenever
 * they read; who takes nothing at all is closed; and nobody else notices. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"
#include "server/net/outq.h"
#include "server/pump/pump.h"
#include "tests/script/house.h"
#include "tests/script/slow_store.h"

static struct house *house;

static void setting(void)
{
    house = house_new(&(struct house_config){.lobby = NULL});
}

static void say(struct house_peer *peer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A line, a millisecond later than the last one. */
static void say(struct house_peer *peer, const char *format, ...)
{
    char line[600];
    va_list args;
    va_start(args, format);
    int len = vsnprintf(line, sizeof line - 2, format, args);
    va_end(args);
    assert_in_range(len, 1, sizeof line - 3);
    strcpy(line + len, "\r\n");
    house->now_ms++;
    house_send(house, peer, line, strlen(line));
}

static struct house_peer *arrive(const char *nick)
{
    struct house_peer *peer = house_open(house, "host");
    say(peer, "CAP REQ :server-time message-tags echo-message");
    say(peer, "NICK %s", nick);
    say(peer, "USER u 0 * :Real");
    say(peer, "CAP END");
    return peer;
}

static struct house_peer *arrive_in_tea(const char *nick)
{
    struct house_peer *peer = arrive(nick);
    say(peer, "JOIN #tea");
    return peer;
}

static size_t pending(const struct house_peer *peer)
{
    return peer->queue ? peer->queue->bytes : 0;
}

/* Everything that is pending, and what follows when it has been read. */
static void read_all(struct house_peer *peer)
{
    while (pending(peer) > 0)
        house_read(house, peer, SIZE_MAX);
}

static unsigned chance(uint64_t *state, unsigned below)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(*state >> 33) % below;
}

/* The next line of what a peer was sent, cut off in place; NULL at the end. */
static char *next_line(char **rest)
{
    char *line = *rest;
    char *end = line;
    /* By hand: under AddressSanitizer strstr() measures all that follows first, megabytes a line. */
    while (*end && *end != '\r')
        end++;
    if (!*end)
        return NULL;
    *end = '\0';
    *rest = end + 2;
    return line;
}

/* The next line that is not between two people and no reply of the server. */
static char *next_common(char **rest, const char *nick)
{
    char mine[64];
    snprintf(mine, sizeof mine, " PRIVMSG %s ", nick);
    char *line;
    do
        line = next_line(rest);
    while (line && (strstr(line, mine) || strstr(line, ":house.test ")));
    return line;
}

/* Both were sent the same, which is forgotten. */
static void expect_the_same(struct house_peer *fast, const char *fast_nick, struct house_peer *slow,
                            const char *slow_nick)
{
    char *fast_rest = fast->out.data;
    char *slow_rest = slow->out.data;
    size_t count = 0;
    for (char *line; (line = next_common(&fast_rest, fast_nick)); count++) {
        char *other = next_common(&slow_rest, slow_nick);
        assert_non_null(other);
        assert_string_equal(line, other);
    }
    assert_null(next_common(&slow_rest, slow_nick));
    assert_true(count > 0);
    str_reset(&fast->out);
    str_reset(&slow->out);
}

static void one_room_is_shown_from_the_log(void **state)
{
    (void)state;
    setting();
    struct house_peer *ada = arrive_in_tea("ada");
    struct house_peer *fast = arrive_in_tea("fast");
    struct house_peer *slow = arrive_in_tea("slow");
    str_reset(&fast->out);
    str_reset(&slow->out);
    slow->sleeps = true;
    for (int i = 0; i < 12000; i++)
        say(ada, "PRIVMSG #tea :%d %0300d", i, i);
    assert_false(slow->closed);
    assert_in_range(pending(slow), OUTQ_MAX_BYTES * 9 / 10, OUTQ_MAX_BYTES * 11 / 10);
    while (pending(slow) > 0)
        house_read(house, slow, 10000);
    expect_the_same(fast, "fast", slow, "slow");
    say(ada, "PRIVMSG #tea :live again");
    read_all(slow);
    assert_non_null(strstr(slow->out.data, "live again"));
    house_free(house);
}

/* What happens in one step of a busy server. */
static void something_happens(uint64_t *seed, struct house_peer *const people[], int step)
{
    static const char *const rooms[] = {"#a", "#b", "#c"};
    unsigned who = chance(seed, 4);
    struct house_peer *peer = people[who];
    const char *room = rooms[chance(seed, 3)];
    switch (chance(seed, 24)) {
    case 0:
        say(peer, "PART %s :off", room);
        break;
    case 1:
        say(peer, "NICK p%u_%d", who, step);
        break;
    case 2:
        say(peer, "TOPIC %s :topic %d", room, step);
        break;
    case 3:
    case 4:
        say(peer, "JOIN %s", room);
        break;
    case 5:
        say(peer, "PRIVMSG slow :private %d", step);
        break;
    default:
        say(peer, "PRIVMSG %s :%d %0400d", room, step, step);
        break;
    }
}

/* The numbers of private messages grow, and there are as many as were sent. */
static void expect_private(const struct house_peer *slow, size_t sent)
{
    size_t count = 0;
    int last = -1;
    for (const char *at = slow->out.data; (at = strstr(at, " PRIVMSG slow :private "));) {
        at += strlen(" PRIVMSG slow :private ");
        int number = atoi(at);
        assert_true(number > last);
        last = number;
        count++;
    }
    assert_int_equal(count, sent);
}

static void everything_in_one_order(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        setting();
        uint64_t random = seed;
        struct house_peer *people[4];
        for (int i = 0; i < 4; i++) {
            char nick[8];
            snprintf(nick, sizeof nick, "p%d", i);
            people[i] = arrive(nick);
        }
        struct house_peer *fast = arrive("fast");
        struct house_peer *slow = arrive("slow");
        say(fast, "JOIN #a,#b,#c");
        say(slow, "JOIN #a,#b,#c");
        for (int i = 0; i < 4; i++)
            say(people[i], "JOIN #a,#b,#c");
        str_reset(&fast->out);
        str_reset(&slow->out);
        slow->sleeps = true;
        bool lagged = false;
        for (int step = 0; step < 20000; step++) {
            something_happens(&random, people, step);
            lagged |= pending(slow) > OUTQ_MAX_BYTES;
            /* It reads now and then, and for a while as fast as things happen. */
            if (chance(&random, 6000) == 0 || step % 8000 > 6000)
                house_read(house, slow, chance(&random, 600000));
        }
        assert_true(lagged);
        house_hang_up(house, people[3], "gone");
        read_all(slow);
        size_t sent = 0;
        for (int i = 0; i < 4; i++) {
            for (const char *at = people[i]->out.data; (at = strstr(at, " PRIVMSG slow :")); at++)
                sent++;
        }
        expect_private(slow, sent);
        expect_the_same(fast, "fast", slow, "slow");
        house_free(house);
    }
}

/* A connection of somebody who proves by a certificate that he owns the nick. */
static struct house_peer *arrive_as_owner(const char *nick)
{
    static const char fingerprint[] =
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    struct house_peer *peer = house_open_secure(house, "host", fingerprint);
    say(peer, "CAP REQ :server-time message-tags echo-message");
    say(peer, "NICK %s", nick);
    say(peer, "USER u 0 * :Real");
    say(peer, "AUTHENTICATE EXTERNAL");
    say(peer, "AUTHENTICATE +");
    say(peer, "CAP END");
    return peer;
}

/* What one does by one connection, the other one that reads slowly sees in its place. */
static void two_connections_of_one_person_see_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 2; seed++) {
        setting();
        uint64_t random = seed;
        struct house_peer *desk = arrive_as_owner("p0");
        struct house_peer *people[4] = {desk, arrive("p1"), arrive("p2"), arrive("p3")};
        for (int i = 0; i < 4; i++)
            say(people[i], "JOIN #a,#b,#c");
        struct house_peer *phone = arrive_as_owner("p0");
        assert_non_null(strstr(phone->out.data, " JOIN #c"));
        str_reset(&desk->out);
        str_reset(&phone->out);
        phone->sleeps = true;
        bool lagged = false;
        for (int step = 0; step < 12000; step++) {
            something_happens(&random, people, step);
            lagged |= pending(phone) > OUTQ_MAX_BYTES;
            if (chance(&random, 6000) == 0)
                house_read(house, phone, chance(&random, 600000));
        }
        assert_true(lagged);
        read_all(phone);
        assert_non_null(strstr(phone->out.data, " 366 "));
        expect_the_same(desk, "nobody", phone, "nobody");
        house_free(house);
    }
}

/* What one said oneself has its place among what the others said. */
static void the_echo_keeps_its_place(void **state)
{
    (void)state;
    setting();
    struct house_peer *ada = arrive_in_tea("ada");
    struct house_peer *fast = arrive_in_tea("fast");
    struct house_peer *slow = arrive_in_tea("slow");
    str_reset(&fast->out);
    str_reset(&slow->out);
    slow->sleeps = true;
    for (int i = 0; pending(slow) < OUTQ_MAX_BYTES - 1000; i++)
        say(ada, "PRIVMSG #tea :%0400d", i);
    house_read(house, slow, OUTQ_MAX_BYTES / 2); /* else its lines wait */
    house_read(house, slow, OUTQ_MAX_BYTES / 2);
    slow_store_hold(house->store);
    for (int i = 0; i < 3000; i++) {
        say(ada, "PRIVMSG #tea :held %0400d", i);
        if (i % 1000 == 999)
            say(slow, "PRIVMSG #tea :own %d", i);
    }
    say(slow, "PING fence");
    slow_store_release(house->store);
    house_run(house);
    assert_null(strstr(slow->out.data, "own"));
    read_all(slow);
    const char *own = strstr(slow->out.data, "own 2999");
    const char *fence = strstr(slow->out.data, "PONG");
    assert_non_null(own);
    assert_true(fence > own);
    expect_the_same(fast, "fast", slow, "slow");
    house_free(house);
}

static void who_takes_nothing_for_long_is_closed(void **state)
{
    (void)state;
    setting();
    struct house_peer *ada = arrive_in_tea("ada");
    struct house_peer *slow = arrive_in_tea("slow");
    slow->sleeps = true;
    for (int i = 0; i < 4000; i++)
        say(ada, "PRIVMSG #tea :%0400d", i);
    house_wait(house, 100 * 1000);
    house_read(house, slow, 1);
    say(ada, "PING x");
    house_wait(house, 119 * 1000);
    assert_false(slow->closed);
    say(ada, "PING x");
    str_reset(&ada->out);
    house_wait(house, 2 * 1000);
    assert_true(slow->closed);
    assert_non_null(strstr(ada->out.data, ":slow!~u@host QUIT :Took nothing for 120 seconds"));
    house_free(house);
}

/* What is kept in memory for those who do not read has a limit, however much is said. */
static void many_stalled_readers_are_bounded(void **state)
{
    (void)state;
    setting();
    struct house_peer *ada = arrive_in_tea("ada");
    struct house_peer *stalled[HOUSE_PEERS - 2];
    for (size_t i = 0; i < HOUSE_PEERS - 2; i++) {
        char nick[16];
        snprintf(nick, sizeof nick, "s%zu", i);
        stalled[i] = arrive_in_tea(nick);
        stalled[i]->sleeps = true;
    }
    for (int i = 0; i < 20000; i++)
        say(ada, "PRIVMSG #tea :%0400d", i);
    for (size_t i = 0; i < HOUSE_PEERS - 2; i++)
        assert_in_range(pending(stalled[i]), OUTQ_MAX_BYTES, OUTQ_MAX_BYTES + 1000);
    house_free(house);
}

/* Both limits of a slow reader are options. */
static void how_much_waits_and_how_long_can_be_set(void **state)
{
    (void)state;
    enum { PENDING = 256 * 1024 };
    setting();
    pump_set_patience(house->pump, PENDING, 5000);
    struct house_peer *ada = arrive_in_tea("ada"), *slow = arrive_in_tea("slow");
    read_all(slow);
    slow->sleeps = true;
    for (int i = 0; i < 1000; i++)
        say(ada, "PRIVMSG #tea :%d %0300d", i, i);
    assert_in_range(pending(slow), PENDING, PENDING + 1000);
    house_wait(house, 2000);
    assert_false(slow->closed);
    house_wait(house, 5000);
    assert_true(slow->closed);
    house_free(house);
}

static void one_that_is_ended_while_it_lags(void **state)
{
    (void)state;
    setting();
    struct house_peer *ada = arrive_in_tea("ada");
    struct house_peer *slow = arrive_in_tea("slow");
    slow->sleeps = true;
    for (int i = 0; i < 4000; i++)
        say(ada, "PRIVMSG #tea :%0400d", i);
    const char words[] = "PRIVMSG #tea :last words\r\n";
    house_send(house, slow, words, strlen(words));
    str_reset(&ada->out);
    house_hang_up(house, slow, "gone");
    assert_non_null(strstr(ada->out.data, "last words"));
    assert_non_null(strstr(ada->out.data, "QUIT :gone"));
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_room_is_shown_from_the_log),
        cmocka_unit_test(everything_in_one_order),
        cmocka_unit_test(two_connections_of_one_person_see_the_same),
        cmocka_unit_test(the_echo_keeps_its_place),
        cmocka_unit_test(who_takes_nothing_for_long_is_closed),
        cmocka_unit_test(many_stalled_readers_are_bounded),
        cmocka_unit_test(how_much_waits_and_how_long_can_be_set),
        cmocka_unit_test(one_that_is_ended_while_it_lags),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
