/* The turn, with a door of a few words and no socket: order, fairness, waiting, limits, endings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump.h"
#include "tests/script/slow_store.h"

enum {
    PEERS = 200,
    MINI_LINE_BYTES = 1000,
};

/* The door: "=nick" names and enters, "text" is said in the room, "?x" is answered with "x" when all
 * before it is through, "*n" is answered with n bytes, "!why" leaves. */

struct mini {
    struct gate *gate;
    uint64_t session;
};

static int mini_records;

static void mini_write(struct mini *mini, const char *text)
{
    gate_write(mini->gate, mini->session, text, strlen(text));
}

static void mini_step(struct mini *mini, enum command_type type, const char *text)
{
    struct command command = {
        .type = type,
        .session = mini->session,
        .text = text,
        .target = "#room",
        .user = "user",
    };
    gate_step(mini->gate, &command);
}

static void *mini_open(void *ctx, struct gate *gate, uint64_t session, const struct origin *origin)
{
    (void)ctx;
    (void)origin;
    struct mini *mini = xcalloc(1, sizeof *mini);
    mini->gate = gate;
    mini->session = session;
    mini_records++;
    return mini;
}

static void mini_close(void *record)
{
    mini_records--;
    free(record);
}

static void mini_flood(struct mini *mini, size_t len)
{
    char *bytes = xmalloc(len);
    memset(bytes, '#', len);
    gate_write(mini->gate, mini->session, bytes, len);
    free(bytes);
}

static enum door_result mini_line(void *record, enum linebuf_result how, char *line, size_t len)
{
    struct mini *mini = record;
    bool in_flight = hub_in_flight(gate_hub(mini->gate), mini->session) > 0;
    if (how == LINE_TOO_LONG) {
        mini_write(mini, "too long\n");
        return DOOR_DONE;
    }
    char first = line[0];
    line[0] = '@'; /* a door may change what it is given, even when it gives it back */
    if (in_flight && strchr("=?!", first))
        return DOOR_WAIT;
    if (first == '=') {
        mini_step(mini, COMMAND_NAME, line + 1);
        mini_step(mini, COMMAND_ENTER, "name");
    } else if (first == '?') {
        line[len] = '\n';
        gate_write(mini->gate, mini->session, line + 1, len);
        line[len] = '\0';
    } else if (first == '*') {
        mini_flood(mini, strtoul(line + 1, NULL, 10));
    } else if (first == '!') {
        mini_step(mini, COMMAND_LEAVE, line + 1);
        mini_write(mini, "still here\n"); /* the record outlives its session's end */
    } else if (len > 0) {
        line[0] = first;
        mini_step(mini, COMMAND_SPEAK, line);
    }
    return DOOR_DONE;
}

static void mini_note(void *record, const struct note *note, const struct event *event)
{
    (void)event;
    if (note->type == NOTE_REFUSED)
        mini_write(record, "refused\n");
}

static unsigned mini_class(void *record, const struct event *event)
{
    (void)event;
    return ((struct mini *)record)->session % 2;
}

static int mini_formatted;

static void mini_format(void *ctx, unsigned class, const struct event *event, struct str *out)
{
    (void)ctx;
    mini_formatted++;
    if (event->type == EVENT_SPEECH)
        str_addf(out, "%s: %s\n", event->who.nick, event->text);
    else if (event->type == EVENT_QUIT)
        str_addf(out, "-%s %s\n", event->who.nick, event->text);
    else if (event->type == EVENT_JOIN && class == 0)
        str_addf(out, "+%s\n", event->who.nick);
}

static void mini_tick(void *record, int64_t now_ms)
{
    if (now_ms == 666)
        mini_step(record, COMMAND_LEAVE, "tired");
}

static void mini_farewell(void *record, const char *reason)
{
    mini_write(record, "bye ");
    mini_write(record, reason);
    mini_write(record, "\n");
}

static const struct door_ops mini_ops = {
    .name = "mini",
    .max_line_bytes = MINI_LINE_BYTES,
    .open = mini_open,
    .close = mini_close,
    .line = mini_line,
    .note = mini_note,
    .class = mini_class,
    .format = mini_format,
    .tick = mini_tick,
    .farewell = mini_farewell,
};

/* The house, and the peers that read what they are sent. */

struct peer {
    struct house *house;
    uint64_t session;
    struct str out;
    enum pump_fate fate;
    bool sleeps; /* reads nothing */
    struct outq *queue;
};

struct house {
    struct hub *hub;
    struct pump *pump;
    struct store *store;
    struct door door;
    struct peer peers[PEERS];
    size_t peer_count;
};

static struct house *house_new(size_t max_sessions)
{
    struct house *house = xcalloc(1, sizeof *house);
    struct hub_config config = hub_config_default();
    config.lobby = "#room";
    config.max_sessions = max_sessions;
    house->hub = hub_new(&config, 7);
    house->pump = pump_new(house->hub, &(struct pump_owner){0});
    struct store_listener listener = pump_store_listener(house->pump);
    house->store = slow_store_new(&listener, NULL);
    pump_set_store(house->pump, house->store);
    house->door = (struct door){.ops = &mini_ops};
    return house;
}

static void house_free(struct house *house)
{
    store_free(house->store);
    pump_free(house->pump);
    hub_free(house->hub);
    for (size_t i = 0; i < house->peer_count; i++)
        str_release(&house->peers[i].out);
    assert_int_equal(mini_records, 0);
    free(house);
}

static void receive(struct peer *peer)
{
    struct iovec vec;
    size_t bytes;
    while (outq_peek(peer->queue, &vec, 1, &bytes) > 0) {
        assert_true(str_add(&peer->out, vec.iov_base, bytes));
        outq_consume(peer->queue, bytes);
    }
    pump_sent(peer->house->pump, peer->session);
}

/* One turn; everybody who does not sleep reads everything. */
static void turn_at(struct house *house, int64_t now_ms)
{
    pump_turn(house->pump, now_ms);
    hub_check(house->hub);
    struct pump_dirty dirty;
    while (pump_next_dirty(house->pump, &dirty)) {
        struct peer *peer = dirty.link;
        peer->queue = dirty.out;
        peer->fate = dirty.fate;
        if (!peer->sleeps)
            receive(peer);
        if (dirty.fate != PUMP_KEEP) {
            pump_closed(house->pump, peer->session, now_ms);
            peer->queue = NULL;
        }
    }
}

static void turn(struct house *house)
{
    turn_at(house, 1000);
}

static void turns(struct house *house)
{
    do
        turn(house);
    while (pump_ready(house->pump));
}

static struct peer *come(struct house *house)
{
    struct peer *peer = &house->peers[house->peer_count++];
    peer->house = house;
    str_init(&peer->out, 16 * 1024 * 1024);
    const struct origin origin = {.host = "host"};
    peer->session = pump_open(house->pump, &house->door, &origin, peer, 1000);
    return peer;
}

static void say(struct peer *peer, const char *text)
{
    pump_data(peer->house->pump, peer->session, text, strlen(text));
}

/* Somebody who has entered and has read what that brought. */
static struct peer *enter(struct house *house, const char *nick)
{
    struct peer *peer = come(house);
    char line[64];
    snprintf(line, sizeof line, "=%s\n", nick);
    say(peer, line);
    turns(house);
    for (size_t i = 0; i < house->peer_count; i++)
        str_reset(&house->peers[i].out);
    return peer;
}

#define assert_read(peer, text)                                                                    \
    do {                                                                                           \
        assert_string_equal((peer)->out.data, text);                                               \
        str_reset(&(peer)->out);                                                                   \
    } while (0)

/* The tests. */

static void one_formatting_for_all_of_a_class(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *peers[8];
    for (int i = 0; i < 8; i++) {
        char nick[8];
        snprintf(nick, sizeof nick, "p%d", i);
        peers[i] = enter(house, nick);
    }
    mini_formatted = 0;
    say(peers[0], "hello\nwor");
    say(peers[0], "ld\n");
    turn(house);
    assert_int_equal(mini_formatted, 4);
    assert_read(peers[0], "");
    for (int i = 1; i < 8; i++)
        assert_read(peers[i], "p0: hello\np0: world\n");
    house_free(house);
}

static void nothing_is_shown_before_it_is_stored(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    slow_store_hold(house->store);
    say(ada, "one\n?fence\ntwo\n");
    say(bob, "?free\n");
    turns(house);
    assert_read(ada, "");
    assert_read(bob, "free\n");
    slow_store_release(house->store);
    turns(house);
    assert_read(ada, "fence\n");
    assert_read(bob, "ada: one\nada: two\n");
    house_free(house);
}

static void what_cannot_be_stored_is_refused(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    slow_store_hold(house->store);
    say(ada, "one\ntwo\n?fence\n");
    turns(house);
    slow_store_fail(house->store);
    turns(house);
    assert_read(ada, "refused\nrefused\nfence\n");
    assert_read(bob, "");
    say(ada, "three\n");
    turns(house);
    assert_read(bob, "ada: three\n");
    house_free(house);
}

/* Who says more than the log takes at once is read more slowly, and not refused. */
static void too_much_in_flight_waits(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    slow_store_hold(house->store);
    for (int i = 0; i < 10 * PUMP_IN_FLIGHT; i++)
        say(ada, "x\n");
    turns(house);
    assert_int_equal(store_pending(house->store), PUMP_IN_FLIGHT);
    assert_read(ada, "");
    slow_store_release(house->store);
    turns(house);
    assert_int_equal(store_pending(house->store), 0);
    assert_int_equal(bob->out.len, 10 * PUMP_IN_FLIGHT * strlen("ada: x\n"));
    assert_read(ada, "");
    house_free(house);
}

static void overlong_lines_keep_their_place(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    char line[MINI_LINE_BYTES + 4];
    memset(line, 'x', sizeof line);
    snprintf(line + MINI_LINE_BYTES + 1, 3, "\n");
    say(ada, "?before\n");
    say(ada, line);
    say(ada, "?after\n");
    turns(house);
    assert_read(ada, "before\ntoo long\nafter\n");
    house_free(house);
}

/* Whoever sends a lot waits between his own lines, and nobody waits for him. */
static void nobody_starves(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    for (int i = 0; i < 2000; i++)
        say(ada, "?x\n");
    say(bob, "?quick\n");
    turn(house);
    assert_read(bob, "quick\n");
    assert_true(pump_ready(house->pump));
    assert_true(ada->out.len < 2000 * 2);
    turns(house);
    assert_int_equal(ada->out.len, 2000 * 2);
    house_free(house);
}

/* 20,000 lines at once are all delivered, by reading slower. */
static void too_much_input_is_not_read_yet(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    size_t sent = 0, refused = 0;
    while (sent < 20000) {
        char line[16];
        int len = snprintf(line, sizeof line, "n%05zu\n", sent);
        size_t space = pump_space(house->pump, ada->session);
        if (space >= (size_t)len) {
            pump_data(house->pump, ada->session, line, (size_t)len);
            sent++;
            continue;
        }
        refused++;
        turn(house);
    }
    turns(house);
    assert_in_range(refused, 1, 1000);
    const char *at = bob->out.data;
    for (size_t i = 0; i < sent; i++) {
        char line[32];
        int len = snprintf(line, sizeof line, "ada: n%05zu\n", i);
        assert_memory_equal(at, line, len);
        at += len;
    }
    assert_int_equal(*at, '\0');
    house_free(house);
}

/* A paused connection becomes dirty when it may be read again, though nothing is sent to it. */
static void reading_is_resumed(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    char lines[PUMP_INPUT_BYTES / 2 + 2];
    memset(lines, '\n', sizeof lines);
    pump_data(house->pump, ada->session, lines, sizeof lines - 1);
    assert_int_equal(pump_space(house->pump, ada->session), 0);
    struct pump_dirty dirty = {0};
    pump_turn(house->pump, 1000);
    assert_true(pump_next_dirty(house->pump, &dirty));
    assert_ptr_equal(dirty.link, ada);
    assert_true(pump_space(house->pump, ada->session) > 0);
    house_free(house);
}

static void replies_that_are_not_read_hold_up_their_own_lines(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    ada->sleeps = true;
    for (int i = 0; i < 100; i++)
        say(ada, "*50000\n");
    say(ada, "done\n");
    turns(house);
    assert_true(ada->queue->bytes <= PUMP_REPLY_BYTES + 50000);
    assert_int_equal(ada->fate, PUMP_KEEP);
    assert_read(bob, "");
    ada->sleeps = false;
    receive(ada);
    turns(house);
    assert_int_equal(ada->out.len, 100 * 50000);
    assert_read(bob, "ada: done\n");
    house_free(house);
}

/* What all say in one turn is never too much for one who reads. */
static void a_turn_stops_when_it_has_enough_to_send(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *peers[PEERS];
    char line[402];
    memset(line, 'z', sizeof line);
    line[398] = '\n';
    line[399] = '\0';
    for (int i = 0; i < PEERS; i++) {
        char nick[8];
        snprintf(nick, sizeof nick, "p%d", i);
        peers[i] = enter(house, nick);
    }
    for (int i = 1; i < PEERS; i++) {
        for (int n = 0; n < 80; n++)
            say(peers[i], line);
    }
    turns(house);
    for (int i = 0; i < PEERS; i++)
        assert_int_equal(peers[i]->fate, PUMP_KEEP);
    size_t lines = 0;
    for (const char *at = peers[0]->out.data; (at = strchr(at, '\n')) != NULL; at++)
        lines++;
    assert_int_equal(lines, (PEERS - 1) * 80);
    house_free(house);
}

static void leaving_says_farewell_and_is_told(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    say(ada, "last words\n!enough\nnot heard\n");
    turns(house);
    assert_int_equal(ada->fate, PUMP_END);
    assert_read(ada, "still here\nbye enough\n");
    assert_read(bob, "ada: last words\n-ada enough\n");
    assert_int_equal(pump_open_count(house->pump), 1);
    assert_int_equal(mini_records, 1);
    say(ada, "a ghost\n"); /* its id finds nobody */
    turns(house);
    assert_read(bob, "");
    house_free(house);
}

static void lines_before_the_end_of_input_count(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    for (int i = 0; i < 300; i++)
        say(ada, "x\n");
    say(ada, "no newline");
    pump_eof(house->pump, ada->session, "Connection reset");
    turns(house);
    assert_non_null(strstr(bob->out.data, "ada: no newline\n-ada Connection reset\n"));
    assert_int_equal(bob->out.len,
                     300 * strlen("ada: x\n") + strlen("ada: no newline\n-ada Connection reset\n"));
    assert_read(ada, "bye Connection reset\n");
    house_free(house);
}

static void a_closed_connection_leaves_at_once(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    say(ada, "never stepped\n");
    pump_closed(house->pump, ada->session, 1000);
    pump_closed(house->pump, ada->session, 1000);
    assert_true(pump_ready(house->pump));
    turns(house);
    assert_read(bob, "-ada Connection closed\n");
    struct peer *cy = enter(house, "cy"); /* in the slot that is free now, with an id of its own */
    assert_int_equal(session_slot(cy->session), session_slot(ada->session));
    assert_true(cy->session != ada->session);
    house_free(house);
}

/* What was on its way to somebody who left is not for the one who sits in his slot now. */
static void a_slot_has_no_heirs(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *bob = enter(house, "bob");
    struct peer *ada = enter(house, "ada");
    slow_store_hold(house->store);
    say(bob, "are you there?\n");
    turns(house);
    say(ada, "!bye\n");
    turns(house);
    struct peer *cy = come(house);
    assert_int_equal(session_slot(cy->session), session_slot(ada->session));
    slow_store_release(house->store);
    turns(house);
    assert_read(cy, "");
    assert_read(bob, "-ada bye\n");
    house_free(house);
}

static void one_too_many_is_told_so(void **state)
{
    (void)state;
    struct house *house = house_new(2);
    struct peer *ada = enter(house, "ada");
    enter(house, "bob");
    struct peer *cy = come(house);
    say(cy, "=cy\n");
    turns(house);
    assert_int_equal(cy->fate, PUMP_END);
    assert_read(cy, "refused\nbye No more connections\n");
    assert_int_equal(ada->fate, PUMP_KEEP);
    house_free(house);
}

static void a_tick_may_end_sessions(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    pump_tick(house->pump, 665);
    assert_false(pump_ready(house->pump));
    pump_tick(house->pump, 666);
    assert_true(pump_ready(house->pump));
    turns(house);
    assert_read(ada, "bye tired\n");
    house_free(house);
}

static void everybody_is_told_good_bye(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *nobody = come(house);
    pump_end_all(house->pump, "stop", 1000);
    turns(house);
    assert_read(ada, "bye stop\n");
    assert_read(nobody, "bye stop\n");
    assert_int_equal(pump_open_count(house->pump), 0);
    house_free(house);
}

static size_t count_of(struct peer *peer, char c)
{
    size_t count = 0;
    for (size_t i = 0; i < peer->out.len; i++)
        count += peer->out.data[i] == c;
    str_reset(&peer->out);
    return count;
}

static void tick(struct house *house, int64_t now_ms)
{
    pump_tick(house->pump, now_ms);
    do
        turn_at(house, now_ms);
    while (pump_ready(house->pump));
}

static void who_sends_too_much_is_read_more_slowly(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    pump_set_rate(house->pump, 2);
    for (int i = 0; i < 50; i++)
        say(ada, "?a\n");
    say(bob, "?b\n");
    turns(house);
    assert_int_equal(count_of(ada, 'a'), 2 * PUMP_BURST_S);
    assert_int_equal(count_of(bob, 'b'), 1);
    tick(house, 2000);
    assert_int_equal(count_of(ada, 'a'), 2);
    tick(house, 9000);
    assert_int_equal(count_of(ada, 'a'), 14);
    for (int64_t now_ms = 10000; now_ms <= 20000; now_ms += 1000)
        tick(house, now_ms);
    assert_int_equal(count_of(ada, 'a'), 14); /* the rest */
    house_free(house);
}

static void who_never_stops_is_ended(void **state)
{
    (void)state;
    struct house *house = house_new(PEERS);
    struct peer *ada = enter(house, "ada");
    struct peer *bob = enter(house, "bob");
    pump_set_rate(house->pump, 2);
    for (int64_t now_ms = 1000; now_ms < 1000 + PUMP_FLOOD_MS; now_ms += 1000) {
        while (pump_space(house->pump, ada->session) >= 1000)
            for (int i = 0; i < 100; i++)
                say(ada, "?a\n");
        tick(house, now_ms);
        count_of(ada, 'a');
    }
    assert_read(bob, "");
    tick(house, 1000 + PUMP_FLOOD_MS);
    assert_string_equal(ada->out.data, "bye Excess flood\n");
    assert_read(bob, "-ada Excess flood\n");
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_formatting_for_all_of_a_class),
        cmocka_unit_test(nothing_is_shown_before_it_is_stored),
        cmocka_unit_test(what_cannot_be_stored_is_refused),
        cmocka_unit_test(too_much_in_flight_waits),
        cmocka_unit_test(overlong_lines_keep_their_place),
        cmocka_unit_test(nobody_starves),
        cmocka_unit_test(too_much_input_is_not_read_yet),
        cmocka_unit_test(reading_is_resumed),
        cmocka_unit_test(replies_that_are_not_read_hold_up_their_own_lines),
        cmocka_unit_test(a_turn_stops_when_it_has_enough_to_send),
        cmocka_unit_test(leaving_says_farewell_and_is_told),
        cmocka_unit_test(lines_before_the_end_of_input_count),
        cmocka_unit_test(a_closed_connection_leaves_at_once),
        cmocka_unit_test(a_slot_has_no_heirs),
        cmocka_unit_test(one_too_many_is_told_so),
        cmocka_unit_test(a_tick_may_end_sessions),
        cmocka_unit_test(everybody_is_told_good_bye),
        cmocka_unit_test(who_sends_too_much_is_read_more_slowly),
        cmocka_unit_test(who_never_stops_is_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
