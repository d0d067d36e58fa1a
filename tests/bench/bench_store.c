/* What the log costs: messages a second and their latency at each durability, and what reading a page
 * of a long room takes.
 *
 * bench_store [MESSAGES [ROOM [DIR]]]: so many messages from SENDERS who each wait for some of
 * theirs before they go on, as on a server; then pages of a room of ROOM messages. DIR decides which
 * disk is measured. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/store/store.h"

enum {
    SENDERS = 10,
    ROOMS = 4,
    TEXT_BYTES = 80,
    PAGE = 100,
    READINGS = 1000,
    PACED_SECONDS = 10,
};

struct bench {
    struct store *store;
    int woken; /* an eventfd */
    unsigned long next_id;
    unsigned long sent, done, failed;
    unsigned long reads;
    double *began_us; /* by the number of the message */
    double *took_us;
};

static double now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void on_tailed(void *ctx, const struct event *event)
{
    struct bench *bench = ctx;
    unsigned long number = strtoul(event->id + 10, NULL, 10);
    bench->took_us[bench->done++] = now_us() - bench->began_us[number];
}

static void on_failed(void *ctx, const struct event *event)
{
    struct bench *bench = ctx;
    (void)event;
    bench->failed++;
}

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    struct bench *bench = ctx;
    (void)token;
    (void)events;
    if (result != STORE_OK || count != PAGE)
        bench->failed++;
    bench->reads--;
}

static void on_wake(void *ctx)
{
    struct bench *bench = ctx;
    uint64_t one = 1;
    if (write(bench->woken, &one, sizeof one) < 0)
        abort();
}

/* Waits at most that long for something to be done. */
static void wait_at_most(struct bench *bench, double us)
{
    struct pollfd fd = {.fd = bench->woken, .events = POLLIN};
    struct timespec limit = {.tv_sec = (time_t)(us / 1e6), .tv_nsec = (long)us % 1000000 * 1000};
    uint64_t count;
    if (store_poll(bench->store) == 0 && ppoll(&fd, 1, &limit, NULL) > 0 &&
        read(bench->woken, &count, sizeof count) < 0)
        abort();
    store_poll(bench->store);
}

static void wait_for_store(struct bench *bench)
{
    wait_at_most(bench, 10e6);
}

/* As the server makes them: the time, then something that grows. */
static void make_id(char id[EVENT_ID_MAX], int64_t ms, unsigned long number)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    snprintf(id, EVENT_ID_MAX, "%010d%016lu", 0, number);
    for (int i = 9; i >= 0; i--, ms >>= 5)
        id[i] = digits[ms & 31];
}

static void speak(struct bench *bench, const char *room)
{
    static const char text[TEXT_BYTES + 1] =
        "the quick brown fox jumps over the lazy dog while nobody looks, and then again!!";
    struct event event = {.type = EVENT_SPEECH,
                          .who = {.nick = "ada", .user = "~ada", .host = "ada.example"},
                          .log = room,
                          .target = room,
                          .text = text,
                          .time_ms = (int64_t)(1795167660000 + bench->next_id)};
    make_id(event.id, event.time_ms, bench->next_id);
    bench->began_us[bench->next_id] = now_us();
    bench->next_id++;
    if (store_append(bench->store, &event) == STORE_OK)
        bench->sent++;
    else
        bench->failed++;
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void print_times(const char *what, double *took_us, size_t count)
{
    qsort(took_us, count, sizeof *took_us, by_value);
    printf("%s p50 %8.3f ms  p99 %8.3f ms  max %8.3f ms\n", what, took_us[count / 2] / 1000,
           took_us[count * 99 / 100] / 1000, took_us[count - 1] / 1000);
}

static void remove_files(const char *dir)
{
    static const char *const names[] = {"log.db", "log.db-wal", "log.db-shm", "lock"};
    char path[4200];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
}

static void open_store(struct bench *bench, const char *dir, enum store_durability durability)
{
    struct store_listener listener = {
        .ctx = bench, .tailed = on_tailed, .failed = on_failed, .page = on_page, .wake = on_wake};
    struct store_options options = store_options_default();
    options.durability = durability;
    struct str error;
    str_init(&error, 1000);
    bench->store = store_open(dir, &listener, &options, &error);
    if (!bench->store) {
        fprintf(stderr, "%s\n", error.data);
        exit(1);
    }
    str_release(&error);
}

static void close_store(struct bench *bench)
{
    store_free(bench->store);
    if (bench->failed > 0) {
        fprintf(stderr, "%lu failed: the run is void\n", bench->failed);
        exit(1);
    }
}

/* Messages from senders who have `window` of theirs under way each. */
static double run(struct bench *bench, unsigned long messages, unsigned window, unsigned rooms)
{
    static const char *const names[ROOMS] = {"#lobby", "#tea", "#ops", "#lab"};
    unsigned long end = bench->done + messages;
    double began_us = now_us();
    while (bench->done < end) {
        while (bench->sent < end && bench->sent - bench->done < SENDERS * window)
            speak(bench, names[bench->sent % rooms]);
        store_commit(bench->store);
        wait_for_store(bench);
    }
    return (now_us() - began_us) / 1e6;
}

/* Messages one by one at an even pace, as many a second. */
static double run_paced(struct bench *bench, unsigned long messages, unsigned per_second)
{
    double began_us = now_us();
    while (bench->done < messages) {
        double due_us = began_us + (double)bench->sent * 1e6 / per_second;
        double left_us = bench->sent < messages ? due_us - now_us() : 1e6;
        if (left_us > 0) {
            wait_at_most(bench, left_us);
            continue;
        }
        speak(bench, "#lobby");
        store_commit(bench->store);
        store_poll(bench->store);
    }
    return (now_us() - began_us) / 1e6;
}

static void measure(const char *dir, enum store_durability durability, unsigned long messages,
                    unsigned window, unsigned per_second)
{
    static const char *const names[] = {"power", "process", "none"};
    struct bench bench = {.woken = eventfd(0, EFD_CLOEXEC)};
    bench.began_us = xcalloc(messages, sizeof *bench.began_us);
    bench.took_us = xcalloc(messages, sizeof *bench.took_us);
    remove_files(dir);
    open_store(&bench, dir, durability);
    double seconds =
        per_second ? run_paced(&bench, messages, per_second) : run(&bench, messages, window, ROOMS);
    printf("%-8s %-6s %3u: %8.0f messages/s ", names[durability], per_second ? "paced" : "window",
           per_second ? 0 : window, (double)messages / seconds);
    print_times("", bench.took_us, messages);
    close_store(&bench);
    close(bench.woken);
    free(bench.began_us);
    free(bench.took_us);
}

static void read_pages(struct bench *bench, const char *what, enum store_span span,
                       unsigned long room, bool speech_only, unsigned long low)
{
    double *took_us = xcalloc(READINGS, sizeof *took_us);
    uint64_t chance = 1;
    for (size_t i = 0; i < READINGS; i++) {
        chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        struct store_query query = {
            .log = "#lobby", .span = span, .limit = PAGE, .speech_only = speech_only};
        if (span != STORE_LATEST)
            query.from.position = low + PAGE + (chance >> 33) % (room - low - 2 * PAGE);
        double began_us = now_us();
        bench->reads++;
        store_read(bench->store, &query, i);
        while (bench->reads > 0)
            wait_for_store(bench);
        took_us[i] = now_us() - began_us;
    }
    print_times(what, took_us, READINGS);
    free(took_us);
}

static void measure_reading(const char *dir, unsigned long room)
{
    struct bench bench = {.woken = eventfd(0, EFD_CLOEXEC)};
    bench.began_us = xcalloc(room, sizeof *bench.began_us);
    bench.took_us = xcalloc(room, sizeof *bench.took_us);
    remove_files(dir);
    open_store(&bench, dir, STORE_PROCESS);
    double seconds = run(&bench, room, 256, 1);
    printf("a room of %lu messages, written in %.1f s; pages of %d:\n", room, seconds, PAGE);
    unsigned long early = room / 100;
    read_pages(&bench, "  latest            ", STORE_LATEST, room, false, 0);
    read_pages(&bench, "  latest speech     ", STORE_LATEST, room, true, 0);
    read_pages(&bench, "  before, first 1 % ", STORE_BEFORE, early, false, 0);
    read_pages(&bench, "  before, last 1 %  ", STORE_BEFORE, room, false, room - early);
    read_pages(&bench, "  after, anywhere   ", STORE_AFTER, room, false, 0);
    read_pages(&bench, "  around, speech    ", STORE_AROUND, room, true, 0);
    close_store(&bench);
    close(bench.woken);
    free(bench.began_us);
    free(bench.took_us);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strspn(argv[1], "0123456789") != strlen(argv[1])) {
        fprintf(stderr, "usage: bench_store [MESSAGES [ROOM [DIR]]]\n");
        return 2;
    }
    unsigned long messages = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
    unsigned long room = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000000;
    char made[] = "/tmp/snug-bench-XXXXXX";
    const char *dir = argc > 3 ? argv[3] : mkdtemp(made);
    if (!dir)
        return 1;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%d senders, %d bytes, %d rooms\n", SENDERS, TEXT_BYTES, ROOMS);
    static const unsigned windows[] = {1, 16, 100};
    for (int durability = STORE_POWER; durability <= STORE_NONE; durability++) {
        for (size_t i = 0; i < sizeof windows / sizeof windows[0]; i++)
            measure(dir, (enum store_durability)durability, messages, windows[i], 0);
        measure(dir, (enum store_durability)durability, PACED_SECONDS * 1000, 0, 1000);
    }
    if (room >= 1000 * PAGE)
        measure_reading(dir, room);
    remove_files(dir);
    rmdir(dir);
    return 0;
}
