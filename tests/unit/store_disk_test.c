/* The log on disk: over restarts, on disks that fail, and beside other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "tests/unit/faulty_vfs.h"
#include "tests/unit/store_bed.h"

static struct bed bed;

#define START_MS INT64_C(1795167660000)
#define DAY_MS INT64_C(86400000)

static int make_bed(void **state)
{
    (void)state;
    faulty_vfs_register();
    bed_init(&bed, BED_IN_POLL);
    bed.options.vfs = FAULTY_VFS;
    return 0;
}

static int free_bed(void **state)
{
    (void)state;
    faulty_vfs_disarm();
    bed_release(&bed);
    return 0;
}

static void open_again(void)
{
    bed_close(&bed);
    if (!bed_open(&bed))
        fail_msg("%s", bed.error.data);
    bed_settle(&bed);
    bed_told(&bed);
}

/* As another program does. */
static sqlite3 *open_database(void)
{
    sqlite3 *database;
    assert_int_equal(sqlite3_open(bed_path(&bed, "log.db"), &database), SQLITE_OK);
    return database;
}

static void run_sql(const char *sql)
{
    sqlite3 *database = open_database();
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
}

static void add_fact(void *ctx, const char *key, const void *value, size_t len)
{
    str_addf(ctx, "%s=%.*s ", key, (int)len, (const char *)value);
}

static void everything_is_there_after_a_restart(void **state)
{
    (void)state;
    open_again();
    bed_say(&bed, "#tea", "one", "a");
    store_put(bed.store, "room/#tea", "x", 1);
    store_put(bed.store, "room/#hat", "y\n", 2);
    store_put(bed.store, "mark/ada", "z", 1);
    store_put(bed.store, "room/#old", "gone", 4);
    bed_append(&bed, (struct event){.type = EVENT_JOIN, .log = "#hat", .time_ms = START_MS + 5});
    store_put(bed.store, "room/#old", NULL, 0);
    bed.claims++;
    store_claim(bed.store, "ada", "key", 1);
    bed_commit(&bed);
    open_again();
    store_each_fact(bed.store, "room/", add_fact, &bed.told);
    assert_string_equal(bed_told(&bed), "room/#hat=y\n room/#tea=x ");
    bed_say(&bed, "#tea", "two", "a");
    bed_say(&bed, "#tea", "three", "b");
    bed.claims++;
    store_claim(bed.store, "ada", "other", 2);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "two=#tea:1:one #tea:2:three [2] taken owner:key ");
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 5}),
                        "[7] 1:one 2:three ");
    assert_string_equal(bed_search(&bed, "#tea", "one"), "[8] 1:one ");
}

static void what_was_not_indexed_at_the_end_is_searched_later(void **state)
{
    (void)state;
    open_again();
    bed_say(&bed, "#tea", "needle", NULL);
    bed_commit(&bed);
    open_again();
    assert_string_equal(bed_search(&bed, "#tea", "needle"), "[8] 1:needle ");
}

static void send(const char *client_id, const char *text, int64_t after_ms)
{
    bed_append(&bed, (struct event){.type = EVENT_SPEECH,
                                    .log = "#tea",
                                    .client_id = client_id,
                                    .text = text,
                                    .time_ms = START_MS + after_ms});
    bed_commit(&bed);
}

static void clients_ids_are_known_after_a_restart(void **state)
{
    (void)state;
    open_again();
    send("c1", "one", 0);
    open_again();
    send("c1", "again", 6 * DAY_MS);
    assert_string_equal(bed_told(&bed), "again=#tea:1:one ");
    send("c2", "two", 8 * DAY_MS);
    store_tick(bed.store, START_MS + 9 * DAY_MS);
    for (int i = 0; i < 10; i++)
        store_poll(bed.store);
    bed_close(&bed);
    sqlite3 *database = open_database();
    sqlite3_stmt *keys;
    sqlite3_prepare_v2(database, "SELECT group_concat(key) FROM sent", -1, &keys, NULL);
    sqlite3_step(keys);
    assert_string_equal(sqlite3_column_text(keys, 0), "nada\nc2");
    sqlite3_finalize(keys);
    sqlite3_close(database);
}

/* What may not be refused waits; the rest is told at once; the reason is in words. */
static void fails_and_recovers(struct fault fault, const char *reason)
{
    char expected[200];
    open_again();
    bed_say(&bed, "#tea", "one", NULL);
    bed_commit(&bed);
    bed_told(&bed);
    faulty_vfs_arm(fault);
    bed_append(&bed, (struct event){.type = EVENT_PART, .log = "#tea", .text = "gone"});
    bed_say(&bed, "#tea", "two", NULL);
    store_put(bed.store, "fact", "kept", 4);
    store_commit(bed.store);
    bed_await_state(&bed, STORE_DEGRADED);
    store_poll(bed.store);
    assert_true(faulty_vfs_disarm());
    snprintf(expected, sizeof expected, "down(%s) failed:two ", reason);
    assert_string_equal(bed_told(&bed), expected);
    faulty_vfs_arm(fault);
    assert_int_equal(bed_say(&bed, "#tea", "refused", NULL), STORE_REFUSED);
    bed_append(&bed, (struct event){.type = EVENT_QUIT, .log = "#tea", .text = "left"});
    store_commit(bed.store);
    store_poll(bed.store);
    assert_string_equal(bed_told(&bed), "");
    faulty_vfs_disarm();
    bed_await_state(&bed, STORE_UP);
    bed_settle(&bed);
    assert_string_equal(bed_told(&bed), "up #tea:2:gone #tea:3:left ");
    bed_say(&bed, "#tea", "three", NULL);
    bed_commit(&bed);
    open_again();
    store_each_fact(bed.store, "", add_fact, &bed.told);
    assert_string_equal(bed_told(&bed), "fact=kept ");
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9}),
                        "[7] 1:one 2:gone 3:left 4:three ");
}

/* Neither is the first one an answer to the second. */
static void what_is_said_twice_in_a_batch_fails_twice(void **state)
{
    (void)state;
    open_again();
    faulty_vfs_arm((struct fault){.kinds = FAULTY_WRITE, .at = 1, .lasts = true});
    for (int i = 0; i < 2; i++)
        bed_append(&bed, (struct event){.type = EVENT_SPEECH,
                                        .log = "#tea",
                                        .client_id = "c1",
                                        .text = i == 0 ? "one" : "again",
                                        .time_ms = START_MS});
    store_commit(bed.store);
    bed_await_state(&bed, STORE_DEGRADED);
    store_poll(bed.store);
    faulty_vfs_disarm();
    assert_non_null(strstr(bed_told(&bed), "failed:one failed:again "));
    bed_await_state(&bed, STORE_UP);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 5}), "[7] ");
}

static void a_full_disk(void **state)
{
    (void)state;
    fails_and_recovers((struct fault){.kinds = FAULTY_WRITE, .at = 1, .lasts = true},
                       "the disk is full");
}

static void a_full_disk_with_threads(void **state)
{
    (void)state;
    bed.options.in_poll = false;
    fails_and_recovers((struct fault){.kinds = FAULTY_WRITE, .at = 1, .lasts = true},
                       "the disk is full");
}

static void a_disk_that_cannot_sync(void **state)
{
    (void)state;
    bed.options.durability = STORE_POWER;
    fails_and_recovers((struct fault){.kinds = FAULTY_SYNC, .at = 1, .lasts = true},
                       "the disk cannot sync");
}

static void a_disk_that_cannot_be_written(void **state)
{
    (void)state;
    fails_and_recovers(
        (struct fault){.kinds = FAULTY_WRITE, .at = 1, .lasts = true, .error = SQLITE_IOERR_WRITE},
        "the disk cannot be read or written");
}

static void an_idle_server_tries_again_by_itself(void **state)
{
    (void)state;
    bed.options.in_poll = false;
    open_again();
    faulty_vfs_arm((struct fault){.kinds = FAULTY_WRITE, .at = 1, .lasts = true});
    bed_say(&bed, "#tea", "one", NULL);
    bed_commit(&bed);
    bed_await_state(&bed, STORE_DEGRADED);
    faulty_vfs_disarm();
    bed_await_state(&bed, STORE_UP);
    assert_string_equal(bed_told(&bed), "down(the disk is full) failed:one up ");
}

static void locked_by_another_writer(void **state)
{
    (void)state;
    bed.options.busy_ms = 1;
    open_again();
    sqlite3 *other = open_database();
    sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    bed_say(&bed, "#tea", "one", NULL);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "down(another program has the log locked) failed:one ");
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9}), "[7] ");
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    bed_await_state(&bed, STORE_UP);
    bed_say(&bed, "#tea", "two", NULL);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "up #tea:1:two ");
    sqlite3_close(other);
}

static size_t count(const char *text, const char *what)
{
    size_t times = 0;
    for (; (text = strstr(text, what)) != NULL; text++)
        times++;
    return times;
}

/* Every call of the disk fails once: nothing that was told is lost, nothing else appears. Returns how
 * many calls there were. */
static long fail_at_every_call(enum store_durability durability)
{
    long at = 0;
    for (bool happened = true; happened; at++) {
        bed_release(&bed);
        make_bed(NULL);
        bed.options.durability = durability;
        faulty_vfs_arm((struct fault){.kinds = FAULTY_ANY, .at = at + 1});
        if (bed_open(&bed)) {
            for (int i = 0; i < 5; i++) {
                bed_append(&bed, (struct event){.type = EVENT_JOIN, .log = "#tea", .text = "j"});
                bed_say(&bed, "#tea", "some words", NULL);
                bed_commit(&bed);
                bed_search(&bed, "#tea", "words");
            }
        }
        happened = faulty_vfs_disarm();
        open_again();
        size_t tailed = bed.tailed;
        const char *page = bed_read(&bed, (struct store_query){.log = "#tea", .limit = 100});
        size_t joins = count(page, ":j ");
        size_t speeches = count(page, ":some words ");
        if ((joins != 5 && joins != 0) || joins + speeches < tailed || speeches > 5)
            fail_msg("call %ld: %zu were told: %s", at + 1, tailed, page);
    }
    return at;
}

static void any_call_may_fail(void **state)
{
    (void)state;
    long calls = fail_at_every_call(STORE_PROCESS);
    assert_true(calls > 50);
    assert_true(fail_at_every_call(STORE_POWER) > calls); /* with those that sync */
}

static const char *refusal(void)
{
    bed_close(&bed);
    assert_false(bed_open(&bed));
    return bed.error.data;
}

static void write_file(const char *name, const char *bytes, long at)
{
    FILE *file = fopen(bed_path(&bed, name), at < 0 ? "w" : "r+");
    assert_non_null(file);
    fseek(file, at < 0 ? 0 : at, SEEK_SET);
    for (int i = 0; i < 1000; i++)
        fputs(bytes, file);
    fclose(file);
}

static void what_cannot_be_opened(void **state)
{
    (void)state;
    write_file("log.db", "Dear diary, ", -1);
    assert_non_null(strstr(refusal(), "log.db: the log is damaged"));
    unlink(bed_path(&bed, "log.db"));
    run_sql("CREATE TABLE diary (entry)");
    assert_non_null(strstr(refusal(), "not a log of snugd"));
    unlink(bed_path(&bed, "log.db"));
    open_again();
    bed_close(&bed);
    run_sql("PRAGMA user_version = 99");
    assert_non_null(strstr(refusal(), "newer snugd (version 99"));
    write_file("log.db", "rubbish ", 0);
    assert_non_null(strstr(refusal(), "damaged"));
    strcat(bed.dir, "/lock");
    assert_non_null(strstr(refusal(), "Not a directory"));
    bed.dir[strlen(bed.dir) - 5] = '\0';
}

static void no_room_to_begin_with(void **state)
{
    (void)state;
    faulty_vfs_arm((struct fault){
        .kinds = FAULTY_OPEN, .at = 1, .lasts = true, .error = SQLITE_IOERR_SHMSIZE});
    assert_non_null(strstr(refusal(), "log.db: the disk is full"));
}

static void one_server_at_a_time(void **state)
{
    (void)state;
    open_again();
    struct store *store = bed.store;
    bed.store = NULL;
    assert_false(bed_open(&bed));
    assert_non_null(strstr(bed.error.data, "in use by another snugd"));
    bed.store = store;
}

static void a_damaged_page_costs_its_readers_and_writers_an_error(void **state)
{
    (void)state;
    open_again();
    for (int i = 0; i < 1000; i++)
        bed_say(&bed, "#tea", "words to fill some pages with, and then more words", NULL);
    bed_commit(&bed);
    bed_close(&bed);
    write_file("log.db", "rubbish ", 8192);
    if (!bed_open(&bed))
        return;
    const char *page = bed_read(&bed, (struct store_query){.log = "#tea", .limit = 1000});
    bed_say(&bed, "#tea", "more", NULL);
    bed_commit(&bed);
    bed_told(&bed);
    (void)page; /* whatever it says: there was no crash */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_bed, free_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(everything_is_there_after_a_restart),
        CASE(what_was_not_indexed_at_the_end_is_searched_later),
        CASE(clients_ids_are_known_after_a_restart),
        CASE(what_is_said_twice_in_a_batch_fails_twice),
        CASE(a_full_disk),
        CASE(a_full_disk_with_threads),
        CASE(a_disk_that_cannot_sync),
        CASE(a_disk_that_cannot_be_written),
        CASE(an_idle_server_tries_again_by_itself),
        CASE(locked_by_another_writer),
        CASE(any_call_may_fail),
        CASE(what_cannot_be_opened),
        CASE(no_room_to_begin_with),
        CASE(one_server_at_a_time),
        CASE(a_damaged_page_costs_its_readers_and_writers_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
