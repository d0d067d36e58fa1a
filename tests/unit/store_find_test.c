/* Finding entries where no index leads to them: by their ids, of which most tell the time, and what
 * was said among much that was not. Chance writes two logs, and what is read is compared with what
 * was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/store/db.h"
#include "server/store/offline.h"
#include "server/store/row.h"
#include "tests/unit/store_bed.h"

#define START_MS INT64_C(1795167660000)
#define DAY_MS INT64_C(86400000)

enum {
    LOGS = 2,
    ENTRIES = 1500, /* of each log */
    BATCH = 40,
    QUERIES = 3000,
    MANY_LOGS = 5000,
};

/* What was written, in order. */
struct written {
    char id[EVENT_ID_MAX];
    bool speech;
};

static const char *const names[LOGS] = {"#tea", "#hat"};
static struct bed bed;
static struct written logs[LOGS][ENTRIES + 1]; /* by position */
static size_t counts[LOGS];
static uint64_t chance;

static uint64_t any(uint64_t below)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (chance >> 33) % below;
}

static int make_bed(void **state)
{
    (void)state;
    memset(logs, 0, sizeof logs);
    memset(counts, 0, sizeof counts);
    chance = 7;
    bed_init(&bed, BED_IN_POLL);
    return bed_open(&bed) ? 0 : -1;
}

static int free_bed(void **state)
{
    (void)state;
    bed_release(&bed);
    return 0;
}

static void open_again(void)
{
    bed_close(&bed);
    assert_true(bed_open(&bed));
    bed_settle(&bed);
}

/* As the server makes them: the time, and something that grows. */
static void make_id(char id[EVENT_ID_MAX], int64_t ms, unsigned number)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    snprintf(id, EVENT_ID_MAX, "%010d%016u", 0, number);
    for (int i = 9; i >= 0; i--, ms >>= 5)
        id[i] = digits[ms & 31];
}

static void add(size_t log, struct event event)
{
    char text[32];
    size_t position = ++counts[log];
    struct written *written = &logs[log][position];
    snprintf(text, sizeof text, "t%zu", position);
    event.log = names[log];
    event.text = text;
    memcpy(written->id, event.id, sizeof written->id);
    written->speech = event.type == EVENT_SPEECH;
    assert_int_equal(bed_append(&bed, event), STORE_OK);
}

/* Runs of talk and of coming and going, several at a time; now and then the clock goes back, or an id
 * is of another kind. A quit is in both logs, by one id. */
static void write_logs(void)
{
    int64_t now_ms = START_MS;
    bool talking = true;
    for (unsigned number = 0; counts[0] < ENTRIES && counts[1] < ENTRIES; number++) {
        struct event event = {.type = EVENT_JOIN};
        talking ^= any(60) == 0;
        if (talking && any(3) > 0)
            event.type = EVENT_SPEECH;
        now_ms += any(4) == 0 ? (int64_t)any(50) : any(200) == 0 ? -(int64_t)any(2000) : 0;
        event.time_ms = now_ms;
        make_id(event.id, any(50) == 0 ? now_ms - 7 : now_ms, number);
        if (any(100) == 0)
            snprintf(event.id, sizeof event.id, "of-another-kind-%u", number);
        size_t log = any(LOGS);
        if (event.type == EVENT_JOIN && any(5) == 0) {
            event.type = EVENT_QUIT;
            add(1 - log, event);
        }
        add(log, event);
        if (any(BATCH) > 0)
            continue;
        bed_commit(&bed);
        if (any(10) == 0)
            open_again();
    }
    bed_commit(&bed);
}

static void every_id_is_found(size_t first)
{
    for (size_t log = 0; log < LOGS; log++) {
        for (size_t i = first; i <= counts[log]; i++) {
            char expected[64];
            snprintf(expected, sizeof expected, "[7] %zu:t%zu ", i, i);
            const struct store_query query = {
                .log = names[log], .span = STORE_AROUND, .from.id = logs[log][i].id, .limit = 1};
            assert_string_equal(bed_read(&bed, query), expected);
        }
        const struct store_query none = {
            .log = names[log], .span = STORE_AROUND, .from.id = "none", .limit = 1};
        assert_string_equal(bed_read(&bed, none), "[7] not-found ");
    }
}

/* What was said from a position on, in one direction. */
static void expect_speech(struct str *expected, size_t log, size_t first, size_t from, bool newest,
                          size_t limit)
{
    size_t found[ENTRIES], count = 0;
    for (size_t i = from; i >= first && i <= counts[log] && count < limit; i += newest ? -1 : 1) {
        if (logs[log][i].speech)
            found[count++] = i;
    }
    str_reset(expected);
    str_adds(expected, "[7] ");
    for (size_t i = 0; i < count; i++) {
        size_t position = found[newest ? count - 1 - i : i];
        str_addf(expected, "%zu:t%zu ", position, position);
    }
}

static void speech_is_found(size_t first)
{
    struct str expected;
    str_init(&expected, 1 << 20);
    for (int i = 0; i < QUERIES; i++) {
        size_t log = any(LOGS), limit = 1 + any(i % 10 == 0 ? ENTRIES : 20);
        size_t position = first + any(counts[log] + 1 - first);
        bool newest = any(2);
        const struct store_query query = {.log = names[log],
                                          .span = newest ? STORE_BEFORE : STORE_AFTER,
                                          .from.position = position,
                                          .speech_only = true,
                                          .limit = limit < STORE_PAGE_MAX ? limit : STORE_PAGE_MAX};
        expect_speech(&expected, log, first, newest ? position - 1 : position + 1, newest,
                      query.limit);
        assert_string_equal(bed_read(&bed, query), expected.data);
    }
    str_release(&expected);
}

static void the_log_is_sound(void)
{
    struct str error;
    bool sound = false;
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    str_init(&error, 1000);
    assert_true(offline_check(bed.dir, out, &sound, &error));
    assert_true(sound);
    str_release(&error);
    fclose(out);
}

static int64_t count_astray(void)
{
    struct db db;
    assert_true(db_open(&db, bed_path(&bed, "log.db"), SQLITE_OPEN_READONLY, NULL, 0));
    int64_t count = db_number(&db, "SELECT count(*) FROM astray");
    db_close(&db);
    return count;
}

static void whatever_was_written_is_found(void **state)
{
    (void)state;
    write_logs();
    every_id_is_found(1);
    speech_is_found(1);
    the_log_is_sound();
    open_again();
    every_id_is_found(1);
    speech_is_found(1);
}

static void no_id_is_written_twice(void **state)
{
    (void)state;
    write_logs();
    open_again();
    for (int i = 0; i < QUERIES / 10; i++) {
        size_t log = any(LOGS), position = 1 + any(counts[log]);
        char expected[64];
        snprintf(expected, sizeof expected, "again=%s:%zu:t%zu ", names[log], position, position);
        bed_told(&bed);
        bed_say(&bed, names[log], "again", logs[log][position].id);
        bed_commit(&bed);
        assert_string_equal(bed_told(&bed), expected);
    }
    the_log_is_sound();
}

/* Both are of a time to come, and the other log has a greater one. */
static void an_id_ahead_of_its_log_is_not_written_twice(void **state)
{
    (void)state;
    char id[EVENT_ID_MAX], greater[EVENT_ID_MAX];
    make_id(id, START_MS + DAY_MS, 1);
    make_id(greater, START_MS + DAY_MS, 2);
    bed_say(&bed, "#tea", "one", id);
    bed_say(&bed, "#hat", "two", greater);
    bed_say(&bed, "#hat", "three", id);
    bed_say(&bed, "#tea", "again", id);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "up #tea:1:one #hat:1:two #hat:2:three again=#tea:1:one ");
}

/* Until the clock has caught up, or since nobody waits: all have the same time. */
static void however_many_have_one_time_few_are_looked_through(void **state)
{
    (void)state;
    for (unsigned number = 0; number < ENTRIES; number++) {
        struct event event = {.type = EVENT_SPEECH, .time_ms = START_MS};
        make_id(event.id, START_MS, number);
        add(0, event);
        if (number != ENTRIES / 2)
            continue;
        bed_commit(&bed);
        open_again();
    }
    bed_commit(&bed);
    every_id_is_found(1);
    the_log_is_sound();
    assert_int_equal(count_astray(), ENTRIES - ROW_SAME_TIME_MAX);
    store_keep(bed.store, &(struct store_keep){.max_bytes = 1}, 1);
    store_tick(bed.store, START_MS + DAY_MS);
    for (int i = 0; i < 50; i++)
        store_poll(bed.store);
    assert_int_equal(count_astray(), 0);
}

static void what_is_left_by_retention_is_found(void **state)
{
    (void)state;
    write_logs();
    store_keep(bed.store, &(struct store_keep){.max_bytes = 60000}, 1);
    store_tick(bed.store, START_MS + DAY_MS);
    for (int i = 0; i < 50; i++)
        store_poll(bed.store);
    unsigned long first = 1;
    for (size_t log = 0; log < LOGS; log++) {
        const char *oldest = bed_read(
            &bed, (struct store_query){.log = names[log], .span = STORE_AFTER, .limit = 1});
        unsigned long position = strtoul(oldest + strlen("[7] "), NULL, 10);
        assert_in_range(position, 2, counts[log]);
        if (position > first)
            first = position;
    }
    every_id_is_found(first);
    the_log_is_sound();
    const struct store_query gone = {
        .log = "#tea", .span = STORE_AROUND, .from.id = logs[0][1].id, .limit = 1};
    assert_string_equal(bed_read(&bed, gone), "[7] not-found ");
}

static void words_may_wait_for_the_search_in_many_logs(void **state)
{
    (void)state;
    char name[16];
    for (int i = 0; i < MANY_LOGS; i++) {
        snprintf(name, sizeof name, "#%d", i);
        bed_say(&bed, name, "word", NULL);
    }
    bed_commit(&bed);
    store_tick(bed.store, START_MS + DAY_MS); /* other maintenance is due, too */
    assert_string_equal(bed_search(&bed, "#0", "word"), "[8] 1:word ");
    assert_string_equal(bed_search(&bed, name, "word"), "[8] 1:word ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_bed, free_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(whatever_was_written_is_found),
        CASE(no_id_is_written_twice),
        CASE(an_id_ahead_of_its_log_is_not_written_twice),
        CASE(however_many_have_one_time_few_are_looked_through),
        CASE(what_is_left_by_retention_is_found),
        CASE(words_may_wait_for_the_search_in_many_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
