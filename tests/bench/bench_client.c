/* What a chat client costs who sits before it: any client that runs in a terminal.
 *
 *   bench_client [--tls FILE] [--keys KEYS] WHAT -- COMMAND [ARGUMENT]...
 *
 *   first            until the first output, and until NICK was sent, with nothing of a visit before
 *   start            the same, of the second visit
 *   flood COUNT      COUNT messages as fast as it takes them
 *   idle SECONDS     nothing happens
 *   rate PER_S SECONDS    so many messages a second
 *   type PER_S SECONDS    the same, and a key now and then: how long until it is on the screen
 *
 * "{port}" in the command becomes the server's port; KEYS are pressed once it is in the room. It prints
 * "name value" lines; tests/bench/run makes a table of them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/bench/seat.h"

enum {
    COLS = 120,
    ROWS = 40,
    OUT_FULL_BYTES = 256 * 1024,
    SETTLE_MS = 1000,
    KEY_EVERY_US = 47 * 1000, /* not in step with frames or messages */
    KEY_LIMIT_US = 2 * 1000 * 1000,
    KEYS_A_LINE = 40,
};

/* In no message, nor in what terminals are told; two in turn, a line each, so that a row changes even if
 * its end and the next line's first key are drawn as one. */
static const char echoed[] = "~{";

static void print(const char *name, double value)
{
    printf("%s %.3f\n", name, value);
}

static void say_message(struct seat *seat, uint64_t number)
{
    seat_say(seat,
             ":n%d!user@host.example PRIVMSG #bench :%08" PRIu64
             " the quick brown fox jumps over the lazy dog and then goes on for 80",
             (int)(number * 7 % 10), number);
}

/* What is kept of the visit before, is kept for this server. */
static void start_again(struct seat *seat)
{
    seat_wait_welcome(seat);
    seat_restart(seat);
}

static void start(struct seat *seat)
{
    while (seat->nick_us == 0 || seat->first_output_us == 0)
        seat_step(seat, 100);
    print("first_output_ms", (double)(seat->first_output_us - seat->started_us) / 1000);
    print("nick_sent_ms", (double)(seat->nick_us - seat->started_us) / 1000);
    seat_wait_welcome(seat);
    print("rss_fresh_mib", (double)seat_rss_kib(seat) / 1024);
}

static void flood(struct seat *seat, uint64_t count)
{
    seat_wait_ready(seat);
    int64_t cpu_us = seat_cpu_us(seat), from_us = seat_now_us();
    uint64_t shown = seat->shown_bytes;
    for (uint64_t i = 0; i < count;) {
        while (i < count && seat->out.len < OUT_FULL_BYTES)
            say_message(seat, i++);
        seat_step(seat, 100);
    }
    seat->ponged = false;
    seat_say(seat, "PING :done");
    while (!seat->ponged)
        seat_step(seat, 100);
    print("flood_wall_s", (double)(seat_now_us() - from_us) / 1e6);
    seat_wait_quiet(seat, SETTLE_MS);
    print("flood_cpu_s", (double)(seat_cpu_us(seat) - cpu_us) / 1e6);
    print("flood_kb", (double)(seat->shown_bytes - shown) / 1000);
    print("flood_rss_mib", (double)seat_rss_kib(seat) / 1024);
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The keys pressed and how long each took. */
struct keys {
    int64_t *taken_us;
    size_t count, max;
    int on_line, line;
    int64_t pressed_us; /* 0: none waits for its echo */
    int64_t next_us;
};

static void press(struct seat *seat, struct keys *keys, int64_t now_us)
{
    char key[] = {echoed[keys->line % 2], '\0'};
    if (++keys->on_line == KEYS_A_LINE) {
        seat_type(seat, "\025"); /* C-u */
        keys->on_line = 0;
        keys->line++;
        keys->next_us = now_us + KEY_EVERY_US;
        return;
    }
    seat->echo_us = 0;
    seat->awaited = key[0];
    keys->pressed_us = now_us;
    seat_type(seat, key);
}

static void look(struct seat *seat, struct keys *keys)
{
    int64_t now_us = seat_now_us();
    if (keys->pressed_us && seat->echo_us) {
        keys->taken_us[keys->count++] = seat->echo_us - keys->pressed_us;
        keys->pressed_us = 0;
        keys->next_us = now_us + KEY_EVERY_US;
    } else if (!keys->pressed_us && now_us >= keys->next_us && keys->count < keys->max) {
        press(seat, keys, now_us);
    } else if (keys->pressed_us && now_us - keys->pressed_us > KEY_LIMIT_US) {
        seat_void("a key was not echoed");
    }
}

static void print_keys(struct keys *keys)
{
    if (keys->count == 0)
        seat_void("no key was pressed");
    qsort(keys->taken_us, keys->count, sizeof(*keys->taken_us), compare);
    print("key_p50_ms", (double)keys->taken_us[keys->count / 2] / 1000);
    print("key_p99_ms", (double)keys->taken_us[keys->count * 99 / 100] / 1000);
    print("key_max_ms", (double)keys->taken_us[keys->count - 1] / 1000);
    print("keys", (double)keys->count);
}

static void at_rate(struct seat *seat, uint64_t per_s, int64_t seconds, bool typing)
{
    struct keys keys = {.max = (size_t)(seconds * 1000000 / KEY_EVERY_US) + 1};
    keys.taken_us = xcalloc(keys.max, sizeof(*keys.taken_us));
    seat_wait_ready(seat);
    int64_t from_us = seat_now_us(), cpu_us = seat_cpu_us(seat), now_us;
    uint64_t sent = 0, shown = seat->shown_bytes;
    while ((now_us = seat_now_us()) - from_us < seconds * 1000000) {
        uint64_t due = (uint64_t)(now_us - from_us) * per_s / 1000000;
        while (sent < due && seat->out.len < OUT_FULL_BYTES)
            say_message(seat, sent++);
        if (typing)
            look(seat, &keys);
        seat_step(seat, per_s || typing ? 1 : 100);
    }
    print("cpu_percent", (double)(seat_cpu_us(seat) - cpu_us) * 100 / (double)(now_us - from_us));
    print("kb_per_s", (double)(seat->shown_bytes - shown) / 1000 / (double)seconds);
    print("rss_mib", (double)seat_rss_kib(seat) / 1024);
    if (typing)
        print_keys(&keys);
    free(keys.taken_us);
}

static uint64_t number(char **argument)
{
    return *argument ? strtoull(*argument, NULL, 10) : 0;
}

static bool run(struct seat *seat, char **what)
{
    const char *name = what[0] ? what[0] : "";
    if (strcmp(name, "start") == 0)
        start_again(seat);
    if (strcmp(name, "start") == 0 || strcmp(name, "first") == 0)
        start(seat);
    else if (strcmp(name, "flood") == 0)
        flood(seat, number(what + 1));
    else if (strcmp(name, "idle") == 0)
        at_rate(seat, 0, (int64_t)number(what + 1), false);
    else if (strcmp(name, "rate") == 0)
        at_rate(seat, number(what + 1), (int64_t)number(what + 2), false);
    else if (strcmp(name, "type") == 0)
        at_rate(seat, number(what + 1), (int64_t)number(what + 2), true);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    struct seat seat;
    const char *identity = NULL, *keys = NULL;
    int at = 1;
    for (; at + 1 < argc && strncmp(argv[at], "--", 2) == 0 && argv[at][2]; at += 2) {
        if (strcmp(argv[at], "--tls") == 0)
            identity = argv[at + 1];
        else if (strcmp(argv[at], "--keys") == 0)
            keys = argv[at + 1];
    }
    char **what = argv + at;
    while (at < argc && strcmp(argv[at], "--") != 0)
        at++;
    if (at + 1 >= argc) {
        fprintf(stderr, "bench_client [--tls FILE] [--keys KEYS] WHAT -- COMMAND...\n");
        return 2;
    }
    argv[at] = NULL;
    seat_open(&seat, identity);
    seat_start(&seat, argv + at + 1, COLS, ROWS);
    if (keys) {
        seat_wait_welcome(&seat);
        seat_type(&seat, keys);
    }
    bool known = run(&seat, what);
    seat_close(&seat);
    return known ? 0 : 2;
}
