/* A server that is killed at any moment: what it reported is in the log, once, and in order.
 *
 * The victim is a process of its own that reports each entry that came out of the tail. It dies at a
 * given call of the disk, or by SIGKILL after a given number of reports. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/faulty_vfs.h"
#include "tests/unit/store_bed.h"

enum {
    BATCHES = 12,
    BATCH = 5,
    MESSAGES = BATCHES * BATCH,
    KILLS = 25,
    NUMBER_BYTES = 4,
};

static struct bed bed;

static struct event message(int number)
{
    static char text[24], client_id[24];
    snprintf(text, sizeof text, "m%d.", number);
    snprintf(client_id, sizeof client_id, "c%d", number);
    return (struct event){
        .type = EVENT_SPEECH, .log = "#tea", .text = text, .client_id = client_id};
}

/* Reports what was tailed, as one number each. */
static void report(int fd)
{
    const char *told = bed_told(&bed);
    for (const char *at = told; (at = strstr(at, ":m")) != NULL; at++) {
        char number[NUMBER_BYTES + 1];
        snprintf(number, sizeof number, "%04ld", strtol(at + 2, NULL, 10));
        if (write(fd, number, NUMBER_BYTES) != NUMBER_BYTES)
            _exit(2);
    }
}

/* Says everything, from the beginning as clients do after a crash. */
static void live(int fd)
{
    if (!bed_open(&bed))
        _exit(3);
    for (int number = 0; number < MESSAGES; number++) {
        bed_append(&bed, message(number));
        if (number % BATCH < BATCH - 1)
            continue;
        store_commit(bed.store);
        bed_settle(&bed);
        report(fd);
        bed_search(&bed, "#tea", "m1");
    }
    bed_close(&bed);
    _exit(1);
}

/* Starts a victim; returns where its reports can be read. */
static int start(struct fault fault, pid_t *pid)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    *pid = fork();
    assert_true(*pid >= 0);
    if (*pid == 0) {
        close(fds[0]);
        faulty_vfs_arm(fault);
        live(fds[1]);
    }
    close(fds[1]);
    return fds[0];
}

/* Reads reports until there are `wanted`, or no more come; returns how many. */
static int read_reports(int fd, int wanted, int *last)
{
    char number[NUMBER_BYTES + 1] = "";
    int count = 0;
    while (count < wanted && read(fd, number, NUMBER_BYTES) == NUMBER_BYTES) {
        *last = atoi(number);
        count++;
    }
    return count;
}

/* The log has m0 up to at least `last`, without gaps or doubles; saying it all again completes it. */
static void check_log(int last, const char *when)
{
    bed_close(&bed);
    if (!bed_open(&bed))
        fail_msg("%s: %s", when, bed.error.data);
    bed_settle(&bed);
    char expected[40];
    const char *page = bed_read(&bed, (struct store_query){.log = "#tea", .limit = MESSAGES + 5});
    page += strlen("[7] ");
    int number = 0;
    for (; *page; number++) {
        snprintf(expected, sizeof expected, "%d:m%d. ", number + 1, number);
        if (strncmp(page, expected, strlen(expected)) != 0)
            fail_msg("%s: entry %d is %s", when, number, page);
        page += strlen(expected);
    }
    if (number <= last || number > MESSAGES)
        fail_msg("%s: %d entries, but %d was reported", when, number, last);
    for (int again = 0; again < MESSAGES; again++)
        bed_append(&bed, message(again));
    bed_commit(&bed);
    page = bed_read(&bed, (struct store_query){.log = "#tea", .limit = 1});
    snprintf(expected, sizeof expected, "[7] %d:m%d. ", MESSAGES, MESSAGES - 1);
    assert_string_equal(page, expected);
    bed_close(&bed);
}

static void renew_bed(enum bed_kind kind, enum store_durability durability)
{
    bed_release(&bed);
    bed_init(&bed, kind);
    bed.options.vfs = FAULTY_VFS;
    bed.options.durability = durability;
}

static void killed_at_any_call_of_the_disk(void **state)
{
    (void)state;
    int status = 0;
    long at = 0;
    while (!WIFEXITED(status) || WEXITSTATUS(status) == 0) {
        char when[60];
        pid_t pid;
        int last = -1;
        at += at < 100 ? 1 : 7;
        renew_bed(BED_IN_POLL, STORE_POWER);
        snprintf(when, sizeof when, "killed at call %ld", at);
        int fd = start((struct fault){.kinds = FAULTY_ANY, .at = at, .crash = true}, &pid);
        read_reports(fd, MESSAGES, &last);
        close(fd);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        check_log(last, when);
    }
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_true(at > MESSAGES);
}

static void killed_by_a_signal(void **state)
{
    (void)state;
    for (int kill_after = 1; kill_after <= KILLS; kill_after++) {
        char when[60];
        pid_t pid;
        int last = -1, status;
        renew_bed(BED_DISK, kill_after % 2 ? STORE_PROCESS : STORE_POWER);
        snprintf(when, sizeof when, "killed after %d", kill_after);
        int fd = start((struct fault){0}, &pid);
        assert_int_equal(read_reports(fd, kill_after, &last), kill_after);
        kill(pid, SIGKILL);
        read_reports(fd, MESSAGES, &last);
        close(fd);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        check_log(last, when);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_any_call_of_the_disk),
        cmocka_unit_test(killed_by_a_signal),
    };
    faulty_vfs_register();
    bed_init(&bed, BED_IN_POLL);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    bed_release(&bed);
    return failed;
}
