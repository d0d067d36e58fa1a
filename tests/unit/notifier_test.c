/* Commands of the user's: which are run, and why one is not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>
#include <sys/resource.h>

#include "client/fullscreen/notifier.h"
#include "common/str.h"

struct desk {
    uv_loop_t loop;
    struct notifier *notifier;
};

static int set_up(void **state)
{
    static struct desk desk;
    uv_loop_init(&desk.loop);
    desk.notifier = notifier_new(&desk.loop);
    *state = &desk;
    return 0;
}

/* All that were started are waited for. */
static int tear_down(void **state)
{
    struct desk *desk = *state;
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    notifier_free(desk->notifier);
    return uv_loop_close(&desk->loop);
}

static void words_are_counted(void **state)
{
    struct desk *desk = *state;
    struct str command;
    str_init(&command, 1000);
    str_adds(&command, " true ");
    for (int n = 1; n < NOTIFIER_MAX_WORDS; n++)
        str_adds(&command, " a ");
    assert_int_equal(notifier_open(desk->notifier, command.data, "x:y"), NOTIFIER_RUNS);
    str_adds(&command, "one-more");
    assert_int_equal(notifier_open(desk->notifier, command.data, "x:y"), NOTIFIER_TOO_LONG);
    assert_int_equal(notifier_open(desk->notifier, "  ", "x:y"), NOTIFIER_FAILED);
    str_release(&command);
}

static void too_many_are_no_failure(void **state)
{
    struct desk *desk = *state;
    assert_int_equal(notifier_open(desk->notifier, "/nowhere/opener", "x:y"), NOTIFIER_FAILED);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    for (int n = 0; n < NOTIFIER_MAX_RUNNING; n++)
        assert_int_equal(notifier_run(desk->notifier, "true", "bob", "#tea", "hi"), NOTIFIER_RUNS);
    assert_int_equal(notifier_run(desk->notifier, "true", "bob", "#tea", "hi"), NOTIFIER_BUSY);
    assert_int_equal(notifier_open(desk->notifier, "true", "x:y"), NOTIFIER_BUSY);
    uv_run(&desk->loop, UV_RUN_DEFAULT);
    assert_int_equal(notifier_open(desk->notifier, "true", "x:y"), NOTIFIER_RUNS);
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
    enum notifier_result result = notifier_run(desk->notifier, "true", "bob", "", "hi");
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_int_equal(result, NOTIFIER_FAILED);
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
