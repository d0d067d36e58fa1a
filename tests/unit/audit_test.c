/* The audit log: what a line says, and that it does not grow. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/file.h"
#include "server/admin/audit.h"

struct bed {
    char dir[32];
    char path[64];
    char old[64];
    struct audit audit;
    struct str text;
};

static int setup(void **state)
{
    struct bed *bed = calloc(1, sizeof *bed);
    struct str error;
    str_init(&error, 4096);
    str_init(&bed->text, 1 << 20);
    strcpy(bed->dir, "/tmp/audit-XXXXXX");
    assert_non_null(mkdtemp(bed->dir));
    snprintf(bed->path, sizeof bed->path, "%s/audit.log", bed->dir);
    snprintf(bed->old, sizeof bed->old, "%s/audit.log.1", bed->dir);
    audit_init(&bed->audit);
    assert_true(audit_open(&bed->audit, bed->dir, 1000, &error));
    str_release(&error);
    *state = bed;
    return 0;
}

static int teardown(void **state)
{
    struct bed *bed = *state;
    audit_release(&bed->audit);
    str_release(&bed->text);
    unlink(bed->path);
    unlink(bed->old);
    rmdir(bed->dir);
    free(bed);
    return 0;
}

static const struct audit_record record = {
    .did = "KLINE",
    .by = {.nick = "ada", .user = "~ada", .host = "10.1.2.3", .account = "ada"},
    .whom = "*!*@10.0.0.1",
    .where = "#tea",
    .why = "a \"quote\"\nand \x1b[31m",
    .until_ms = 1795167661001,
};

static void a_line_says_all(void **state)
{
    struct bed *bed = *state;
    struct stat info;
    assert_true(audit_write(&bed->audit, &record, 1795167660000));
    assert_true(audit_write(&bed->audit, &(struct audit_record){.did = "UNKLINE"}, 1795167660000));
    assert_true(file_read(bed->path, &bed->text));
    assert_string_equal(bed->text.data,
                        "{\"time\":\"2026-11-20T09:41:00.000Z\",\"did\":\"KLINE\",\"by\":\"ada\","
                        "\"user\":\"~ada\",\"address\":\"10.1.2.3\",\"account\":\"ada\","
                        "\"whom\":\"*!*@10.0.0.1\",\"where\":\"#tea\","
                        "\"until\":\"2026-11-20T09:41:01.001Z\","
                        "\"why\":\"a \\\"quote\\\"\\u000aand \\u001b[31m\"}\n"
                        "{\"time\":\"2026-11-20T09:41:00.000Z\",\"did\":\"UNKLINE\","
                        "\"by\":\"the server\"}\n");
    assert_int_equal(stat(bed->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void it_is_bounded(void **state)
{
    struct bed *bed = *state;
    struct stat info;
    for (int i = 0; i < 100; i++)
        assert_true(audit_write(&bed->audit, &record, 1795167660000 + i));
    assert_int_equal(stat(bed->path, &info), 0);
    assert_true(info.st_size <= 1000);
    assert_int_equal(stat(bed->old, &info), 0);
    assert_true(info.st_size <= 1000 && info.st_size > 0);
    assert_true(file_read(bed->path, &bed->text));
    assert_non_null(strstr(bed->text.data, "09:41:00.099Z"));
}

static void rooms_push_nothing_else_out(void **state)
{
    struct bed *bed = *state;
    struct audit rooms;
    struct str error;
    struct stat info;
    struct audit_record operators = record;
    char path[80], old[80];
    operators.where = NULL;
    assert_int_equal(audit_log_of(&operators), AUDIT_SERVER);
    assert_int_equal(audit_log_of(&record), AUDIT_ROOMS);
    assert_int_equal(audit_log_of(&(struct audit_record){.did = "OPER-FAILED"}), AUDIT_ROOMS);
    str_init(&error, 4096);
    audit_init(&rooms);
    assert_true(audit_open_log(&rooms, bed->dir, AUDIT_ROOMS, 1000, &error));
    assert_true(audit_write(&bed->audit, &operators, 1795167660000));
    for (int i = 0; i < 100; i++)
        assert_true(audit_write(&rooms, &record, 1795167660000 + i));
    assert_true(file_read(bed->path, &bed->text));
    assert_non_null(strstr(bed->text.data, "09:41:00.000Z"));
    assert_int_not_equal(stat(bed->old, &info), 0);
    snprintf(path, sizeof path, "%s/rooms.log", bed->dir);
    snprintf(old, sizeof old, "%s/rooms.log.1", bed->dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(old), 0);
    audit_release(&rooms);
    str_release(&error);
}

static void it_goes_on_where_it_was(void **state)
{
    struct bed *bed = *state;
    struct str error;
    str_init(&error, 4096);
    assert_true(audit_write(&bed->audit, &record, 1795167660000));
    assert_true(audit_open(&bed->audit, bed->dir, 1000, &error));
    assert_true(bed->audit.bytes > 0);
    assert_true(audit_write(&bed->audit, &record, 1795167660000));
    assert_true(file_read(bed->path, &bed->text));
    assert_int_equal(bed->text.len, bed->audit.bytes);
    str_release(&error);
}

static void what_cannot_be_written_is_said(void **state)
{
    struct bed *bed = *state;
    struct audit closed;
    audit_init(&closed);
    assert_false(audit_write(&closed, &record, 0));
    audit_release(&closed);
    bed->audit.max_bytes = 1;
    assert_true(audit_write(&bed->audit, &record, 0));
    assert_int_equal(mkdir(bed->old, 0700), 0);
    assert_false(audit_write(&bed->audit, &record, 0));
    rmdir(bed->old);
}

/* Allows that much of a resource for now, and returns what was allowed before. */
static rlim_t allow(int resource, rlim_t much)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(resource, &limit), 0);
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = much;
    assert_int_equal(setrlimit(resource, &limit), 0);
    return before;
}

static void what_could_not_be_opened_is_tried_again(void **state)
{
    struct bed *bed = *state;
    bed->audit.max_bytes = 1;
    assert_true(audit_write(&bed->audit, &record, 0));
    rlim_t before = allow(RLIMIT_NOFILE, 0);
    bool full_written = audit_write(&bed->audit, &record, 0);
    int full_number = errno;
    bool closed_written = audit_write(&bed->audit, &record, 0);
    int closed_number = errno;
    allow(RLIMIT_NOFILE, before);
    assert_false(full_written);
    assert_int_equal(full_number, EMFILE);
    assert_false(closed_written);
    assert_int_equal(closed_number, EMFILE);
    assert_true(audit_write(&bed->audit, &(struct audit_record){.did = "UNKLINE"}, 1795167660000));
    assert_true(file_read(bed->path, &bed->text));
    assert_string_equal(bed->text.data,
                        "{\"time\":\"2026-11-20T09:41:00.000Z\",\"did\":\"UNKLINE\","
                        "\"by\":\"the server\"}\n");
}

static void no_half_of_a_line_stays(void **state)
{
    struct bed *bed = *state;
    struct stat info;
    bed->audit.max_bytes = 1 << 20;
    assert_true(audit_write(&bed->audit, &record, 0));
    size_t bytes = bed->audit.bytes;
    signal(SIGXFSZ, SIG_IGN);
    rlim_t before = allow(RLIMIT_FSIZE, bytes + 10);
    bool written = audit_write(&bed->audit, &record, 0);
    int number = errno;
    allow(RLIMIT_FSIZE, before);
    assert_false(written);
    assert_int_equal(number, ENOSPC);
    assert_int_equal(stat(bed->path, &info), 0);
    assert_int_equal(info.st_size, bytes);
    assert_true(audit_write(&bed->audit, &record, 0));
    assert_int_equal(bed->audit.bytes, 2 * bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_says_all, setup, teardown),
        cmocka_unit_test_setup_teardown(it_is_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(rooms_push_nothing_else_out, setup, teardown),
        cmocka_unit_test_setup_teardown(it_goes_on_where_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(what_could_not_be_opened_is_tried_again, setup, teardown),
        cmocka_unit_test_setup_teardown(no_half_of_a_line_stays, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
