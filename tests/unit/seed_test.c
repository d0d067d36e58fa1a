/* Seeds, and a system that has no random numbers. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/run/seed.h"

/* Instead of the system's, for seed.c. */
ssize_t getrandom(void *bytes, size_t len, unsigned flags);
static int failure;
static unsigned char next;

ssize_t getrandom(void *bytes, size_t len, unsigned flags)
{
    (void)flags;
    errno = failure;
    memset(bytes, ++next, len);
    return failure ? -1 : (ssize_t)len;
}

static void a_seed_is_what_the_system_gives(void **state)
{
    (void)state;
    next = 0;
    assert_true(seed_random() == UINT64_C(0x0101010101010101));
    assert_true(seed_random() == UINT64_C(0x0202020202020202));
}

static void without_random_numbers_it_ends_in_words(void **state)
{
    (void)state;
    int pipes[2], status;
    char said[200] = "";
    assert_int_equal(pipe(pipes), 0);
    pid_t child = fork();
    if (child == 0) {
        dup2(pipes[1], STDERR_FILENO);
        failure = ENOSYS;
        seed_random();
        _exit(99);
    }
    close(pipes[1]);
    assert_true(read(pipes[0], said, sizeof said - 1) > 0);
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    assert_string_equal(said, "snugd: no random numbers: Function not implemented\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_seed_is_what_the_system_gives),
        cmocka_unit_test(without_random_numbers_it_ends_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
