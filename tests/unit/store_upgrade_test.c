/* A log that an older program has written: the tables are brought up to date, and all is found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/store/offline.h"
#include "server/store/schema.h"
#include "tests/unit/store_bed.h"

enum { MANY = 300 }; /* entries of one time, more than are looked through for an id */

static struct bed bed;
static int upgrades;

static void on_upgrading(void *ctx)
{
    (void)ctx;
    upgrades++;
}

static int make_bed(void **state)
{
    (void)state;
    upgrades = 0;
    bed_init(&bed, BED_IN_POLL);
    bed.options.upgrading = on_upgrading;
    return 0;
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
    if (!bed_open(&bed))
        fail_msg("%s", bed.error.data);
    bed_settle(&bed);
    bed_told(&bed);
}

static void migrations(void **state)
{
    (void)state;
    static const char *const steps[] = {
        "CREATE TABLE one (a); INSERT INTO one VALUES (1)",
        "ALTER TABLE one ADD COLUMN b; UPDATE one SET b = a + 1",
        "CREATE TABLE two (c); INSERT INTO two SELECT a + b FROM one",
        "INSERT INTO two VALUES (4); INSERT INTO nowhere VALUES (1)",
    };
    struct db db;
    assert_true(db_open(&db, bed_path(&bed, "log.db"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL, 0));
    assert_true(schema_migrate(&db, steps, 1));
    assert_true(schema_migrate(&db, steps, 3));
    assert_true(schema_migrate(&db, steps, 3));
    assert_int_equal(db_number(&db, "SELECT sum(c) FROM two"), 3);
    assert_int_equal(db_number(&db, "PRAGMA user_version"), 3);
    assert_false(schema_migrate(&db, steps, 4));
    db_rollback(&db);
    assert_int_equal(db_number(&db, "SELECT sum(c) FROM two"), 3);
    assert_int_equal(db_number(&db, "PRAGMA user_version"), 3);
    struct str error;
    str_init(&error, 1000);
    assert_true(schema_check(&db, "x", 3, &error));
    assert_false(schema_check(&db, "x", 2, &error));
    str_release(&error);
    db_close(&db);
}

static void expect_sound(void)
{
    struct str error;
    bool sound = false;
    str_init(&error, 1000);
    assert_true(offline_check(bed.dir, stderr, &sound, &error));
    assert_true(sound);
    str_release(&error);
}

/* As the first released program left it: a room that was renamed, and three more entries. */
static void make_log_of_version_1(void)
{
    struct db db;
    assert_true(db_open(&db, bed_path(&bed, "log.db"), SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                        NULL, 0));
    assert_true(schema_migrate(&db, schema_steps, 1));
    assert_true(db_exec(
        &db,
        "INSERT INTO log VALUES (1, '#old', 1, 2, 1000, 0, 200, 2),"
        " (2, '#tea', 1, 6, 1001, 1000, 600, 0), (3, '#many', 1, 300, 1000, 1000, 30000, 0);"
        "INSERT INTO entry (at, time_ms, kind, id, nick, text, object, rank) VALUES"
        " ((1 << 40) + 1, 1000, 16, 'i1', 'ada', NULL, NULL, 0),"
        " ((1 << 40) + 2, 1000, 23, 'i2', 'ada', '', '#new', 0),"
        " ((2 << 40) + 1, 1000, 1, 'i3', 'ada', 'one', NULL, 0),"
        " ((2 << 40) + 2, 1000, 16, 'i4', 'bob', NULL, NULL, 0),"
        " ((2 << 40) + 3, 1000, 17, '00000000Z80000000000000005', 'bob', NULL, NULL, 0),"
        " ((2 << 40) + 4, 1000, 1, '00000000Z80000000000000006', 'ada', 'two', NULL, 0),"
        " ((2 << 40) + 5, 1001, 1, '00000000Z80000000000000007', 'ada', 'three', NULL, 0),"
        " ((2 << 40) + 6, 1001, 16, '00000000Z90000000000000008', 'bob', NULL, NULL, 0);"
        "WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 300)"
        "INSERT INTO entry (at, time_ms, kind, id, nick, text, rank)"
        " SELECT (3 << 40) + n, 1000, 1, printf('00000000Z8%016d', n), 'ada', 'x', 0 FROM many"));
    db_close(&db);
}

static void a_log_of_an_older_program(void **state)
{
    (void)state;
    make_log_of_version_1();
    struct str error;
    str_init(&error, 1000);
    assert_false(offline_list(bed.dir, stderr, &error));
    assert_non_null(strstr(error.data, "older snugd"));
    str_reset(&error);
    assert_true(offline_backup(bed.dir, bed_path(&bed, "copy.db"), &error));
    str_release(&error);
    open_again();
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9}),
                        "[7] 1:one 2:- 3:- 4:two 5:three 6:- ");
    assert_string_equal(
        bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9, .speech_only = true}),
        "[7] 1:one 4:two 5:three ");
    static const char *const ids[] = {
        "i3",
        "i4",
        "00000000Z80000000000000005",
        "00000000Z80000000000000006",
        "00000000Z80000000000000007",
        "00000000Z90000000000000008",
    };
    for (unsigned long i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct store_query by_id = {
            .log = "#tea", .span = STORE_AROUND, .from.id = ids[i], .limit = 1};
        assert_int_equal(strtoul(bed_read(&bed, by_id) + strlen("[7] "), NULL, 10), i + 1);
    }
    for (int i = 1; i <= MANY; i++) {
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "00000000Z8%016d", i);
        const struct store_query by_id = {
            .log = "#many", .span = STORE_AROUND, .from.id = id, .limit = 1};
        assert_int_equal(strtoul(bed_read(&bed, by_id) + strlen("[7] "), NULL, 10), i);
    }
    bed_say(&bed, "#tea", "again", ids[4]);
    bed_commit(&bed);
    assert_string_equal(bed_told(&bed), "again=#tea:5:three ");
    assert_string_equal(bed_search(&bed, "#tea", "two"), "[8] 4:two ");
    expect_sound();
    struct db db;
    assert_true(db_open(&db, bed_path(&bed, "log.db"), SQLITE_OPEN_READONLY, NULL, 0));
    assert_int_equal(db_number(&db, "SELECT called = '#new' FROM log WHERE number = 1"), 1);
    assert_int_equal(db_number(&db, "SELECT count(called) FROM log WHERE number > 1"), 0);
    db_close(&db);
}

static void an_upgrade_is_announced_once(void **state)
{
    (void)state;
    open_again();
    open_again();
    assert_int_equal(upgrades, 0);
    bed_close(&bed);
    assert_int_equal(remove(bed_path(&bed, "log.db")), 0);
    make_log_of_version_1();
    open_again();
    open_again();
    assert_int_equal(upgrades, 1);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_bed, free_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(migrations),
        CASE(a_log_of_an_older_program),
        CASE(an_upgrade_is_announced_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
