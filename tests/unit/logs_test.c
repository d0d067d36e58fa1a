/* Logs on a disk that has no room for a while. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/disk/logs.h"
#include "common/file.h"
#include "tests/scratch.h"
#include "tests/unit/lobby.h"

enum {
    FILE_MAX_BYTES = 1 << 20,
    MINUTE_MS = 60000,
};

struct desk {
    char dir[32];
    char logs_dir[64], server_dir[64];
    struct model *model;
    struct logs *logs;
    struct rlimit before;
    int64_t now_ms;
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);
    setenv("TZ", "UTC", 1);
    strcpy(desk->dir, "/tmp/logs.XXXXXX");
    scratch_make(desk->dir);
    snprintf(desk->logs_dir, sizeof desk->logs_dir, "%.31s/logs", desk->dir);
    snprintf(desk->server_dir, sizeof desk->server_dir, "%.31s/logs/lab", desk->dir);
    desk->model = lobby_model();
    desk->model->settings.log_text = true;
    desk->logs = logs_new(desk->dir, "lab");
    desk->now_ms = MINUTE_MS;
    signal(SIGXFSZ, SIG_IGN);
    *state = desk;
    return getrlimit(RLIMIT_FSIZE, &desk->before);
}

static void set_room(const struct desk *desk, rlim_t max_bytes)
{
    struct rlimit limit = desk->before;
    if (max_bytes > 0)
        limit.rlim_cur = max_bytes;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static int tear_down(void **state)
{
    struct desk *desk = *state;
    set_room(desk, 0);
    logs_free(desk->logs);
    model_free(desk->model);
    scratch_remove(desk->server_dir);
    scratch_remove(desk->logs_dir);
    scratch_remove(desk->dir);
    free(desk);
    return 0;
}

/* One line a second. */
static void hear(struct desk *desk, const char *room, const char *text)
{
    struct buffer *buffer = traffic_buffer(desk->model, BUFFER_ROOM, room);
    struct heard heard = {.kind = LINE_TALK, .nick = "bob", .text = text};
    desk->now_ms += 1000;
    heard.time_ms = desk->now_ms;
    traffic_hear(desk->model, buffer, &heard);
}

static void assert_log(const struct desk *desk, const char *room, const char *text)
{
    char path[128];
    struct str found;
    str_init(&found, FILE_MAX_BYTES);
    snprintf(path, sizeof path, "%s/%s.log", desk->server_dir, room);
    assert_true(file_read(path, &found));
    assert_string_equal(found.data, text);
    str_release(&found);
}

#define LINE(second, text) "1970-01-01 00:01:" second ".000 bob: " text "\n"

static void what_does_not_fit_is_written_later(void **state)
{
    struct desk *desk = *state;
    logs_write(desk->logs, desk->model, desk->now_ms); /* the lobby was entered before */
    hear(desk, "#lobby", "first");
    set_room(desk, strlen(LINE("01", "first")) + 20); /* ends within the second line */
    logs_write(desk->logs, desk->model, desk->now_ms);
    assert_log(desk, "#lobby", LINE("01", "first"));
    hear(desk, "#lobby", "second");
    logs_write(desk->logs, desk->model, desk->now_ms);
    assert_log(desk, "#lobby", LINE("01", "first"));
    assert_non_null(strstr(desk->model->hint.data, "no log is written: File too large"));

    model_hint(desk->model, "%s", "");
    hear(desk, "#lobby", "third");
    logs_write(desk->logs, desk->model, desk->now_ms);
    logs_write(desk->logs, desk->model, desk->now_ms + LOGS_RETRY_MS);
    assert_log(desk, "#lobby", LINE("01", "first"));
    assert_string_equal(desk->model->hint.data, ""); /* it was said */

    set_room(desk, 0);
    logs_write(desk->logs, desk->model, desk->now_ms + 2 * LOGS_RETRY_MS);
    assert_log(desk, "#lobby", LINE("01", "first") LINE("02", "second") LINE("03", "third"));
    logs_write(desk->logs, desk->model, desk->now_ms + 3 * LOGS_RETRY_MS);
    assert_log(desk, "#lobby", LINE("01", "first") LINE("02", "second") LINE("03", "third"));
}

/* All of a frame at a time would be tried again with each frame, and more with each. */
static void it_is_not_tried_again_at_once_but_at_the_end(void **state)
{
    struct desk *desk = *state;
    set_room(desk, 5);
    hear(desk, "#lobby", "first");
    logs_write(desk->logs, desk->model, desk->now_ms);
    set_room(desk, 0);
    logs_write(desk->logs, desk->model, desk->now_ms + LOGS_RETRY_MS - 1);
    assert_log(desk, "#lobby", "");
    logs_write_now(desk->logs, desk->model, desk->now_ms + LOGS_RETRY_MS - 1);
    assert_log(desk, "#lobby", LINE("01", "first"));
}

static void one_file_that_cannot_be_written_keeps_nothing_out_of_the_others(void **state)
{
    struct desk *desk = *state;
    char blocked[128];
    mkdir(desk->logs_dir, 0700);
    mkdir(desk->server_dir, 0700);
    snprintf(blocked, sizeof blocked, "%s/#lobby.log", desk->server_dir);
    assert_int_equal(mkfifo(blocked, 0600), 0);
    hear(desk, "#lobby", "first");
    hear(desk, "#tea", "milk?");
    logs_write(desk->logs, desk->model, desk->now_ms);
    assert_log(desk, "#tea", LINE("02", "milk?"));
    assert_int_equal(unlink(blocked), 0);
    hear(desk, "#tea", "please");
    logs_write(desk->logs, desk->model, desk->now_ms + LOGS_RETRY_MS);
    assert_log(desk, "#lobby", LINE("01", "first"));
    assert_log(desk, "#tea", LINE("02", "milk?") LINE("03", "please"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_does_not_fit_is_written_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(it_is_not_tried_again_at_once_but_at_the_end, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            one_file_that_cannot_be_written_keeps_nothing_out_of_the_others, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
