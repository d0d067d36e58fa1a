/* Commands of the user's: which are run, and why one is not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#include "client/fullscreen/launcher.h"
#include "common/str.h"

struct desk {
    uv_loop_t loop;
    struct launcher *launcher;
};

static int set_up(void **state)
{
    static struct desk desk;
    uv_loop_init(&desk.loop);
    desk.launcher = launcher_new(&desk.loop);
    *state = &desk;
    return 0;
}

/* All that were started are waited for. */
static int tear_down(void **state)
{
    struct desk *desk = *state;
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    launcher_free(desk->launcher);
    return uv_loop_close(&desk->loop);
}

static void words_are_counted(void **state)
{
    struct desk *desk = *state;
    struct str command;
    str_init(&command, 1000);
    str_adds(&command, " true ");
    for (int n = 1; n < LAUNCHER_MAX_WORDS; n++)
        str_adds(&command, " a ");
    assert_int_equal(launcher_open(desk->launcher, command.data, "x:y"), LAUNCHER_RUNS);
    str_adds(&command, "one-more");
    assert_int_equal(launcher_open(desk->launcher, command.data, "x:y"), LAUNCHER_TOO_LONG);
    assert_int_equal(launcher_open(desk->launcher, "  ", "x:y"), LAUNCHER_FAILED);
    str_release(&command);
}

static void too_many_are_no_failure(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(launcher_open(desk->launcher, "/nowhere/opener", "x:y"), LAUNCHER_FAILED);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    for (int n = 0; n < LAUNCHER_MAX_RUNNING; n++)
        assert_int_equal(launcher_notify(desk->launcher, "true", "bob", "#tea", "hi"),
                         LAUNCHER_RUNS);
    assert_int_equal(launcher_notify(desk->launcher, "true", "bob", "#tea", "hi"), LAUNCHER_BUSY);
    assert_int_equal(launcher_open(desk->launcher, "true", "x:y"), LAUNCHER_BUSY);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    assert_int_equal(launcher_open(desk->launcher, "true", "x:y"), LAUNCHER_RUNS);
}

/* For the shell it takes pipes, of which there are none. */
static void a_shell_that_cannot_be_started(void **state)
{
    struct desk *desk = *state;
    struct rlimit limit, before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    limit = before;
    limit.rlim_cur = 4;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    enum launcher_result result = launcher_notify(desk->launcher, "true", "bob", "", "hi");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(result, LAUNCHER_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(too_many_are_no_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_shell_that_cannot_be_started, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
