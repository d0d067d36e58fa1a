/* Files that are written: whole, or as they were. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "tests/scratch.h"
#include "tests/unit/assert_file.h"

enum { LARGE_BYTES = 1 << 20 }; /* more than a pipe takes at once */

struct place {
    char dir[32];
    char path[64];
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/file.XXXXXX");
    scratch_make(place->dir);
    snprintf(place->path, sizeof place->path, "%s/notes", place->dir);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    scratch_remove(place->dir);
    free(place);
    return 0;
}

static size_t count_files(const char *path)
{
    size_t n = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *file; (file = readdir(dir)) != NULL;)
        n += file->d_name[0] != '.';
    closedir(dir);
    return n;
}

static void a_file_is_made_and_replaced(void **state)
{
    struct place *place = *state;
    mode_t before = umask(077);
    assert_true(file_replace(place->path, "one\n", 4, 0640));
    umask(before);
    assert_file(place->path, "one\n", 0640);
    assert_true(file_replace(place->path, "", 0, 0600));
    assert_file(place->path, "", 0600);
    assert_int_equal(count_files(place->dir), 1);
}

static void what_fails_leaves_all_as_it_was(void **state)
{
    struct place *place = *state;
    struct rlimit limit, before;
    char *large = calloc(1, LARGE_BYTES);
    assert_true(file_replace(place->path, "one\n", 4, 0600));
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 1000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    errno = 0;
    bool is_done = file_replace(place->path, large, LARGE_BYTES, 0600);
    int number = errno;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(is_done);
    assert_int_equal(number, EFBIG);
    assert_file(place->path, "one\n", 0600);
    assert_int_equal(count_files(place->dir), 1);
    free(large);
}

static void where_there_is_no_place_it_is_said(void **state)
{
    struct place *place = *state;
    char *longest = calloc(1, 10000);
    memset(longest, 'x', 9999);
    assert_false(file_replace("/proc/none/notes", "x", 1, 0600));
    assert_int_equal(errno, ENOENT);
    assert_false(file_replace(longest, "x", 1, 0600));
    assert_int_equal(errno, ENAMETOOLONG);
    assert_false(file_replace(place->dir, "x", 1, 0600)); /* a directory has the name */
    assert_int_equal(errno, EISDIR);
    free(longest);
}

struct reader {
    pthread_t writer;
    int fd;
    size_t sum; /* bytes */
};

/* Interrupts the writer again and again. */
static void *read_all(void *arg)
{
    struct reader *reader = arg;
    char bytes[16384];
    for (ssize_t n; (n = read(reader->fd, bytes, sizeof bytes)) > 0;) {
        reader->sum += (size_t)n;
        pthread_kill(reader->writer, SIGUSR1);
    }
    return NULL;
}

static void on_signal(int number)
{
    (void)number;
}

static void all_is_written_in_spite_of_signals(void **state)
{
    (void)state;
    int ends[2];
    pthread_t thread;
    char *large = calloc(1, LARGE_BYTES);
    struct sigaction action = {.sa_handler = on_signal}, before;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(sigaction(SIGUSR1, &action, &before), 0);
    struct reader reader = {.writer = pthread_self(), .fd = ends[0]};
    assert_int_equal(pthread_create(&thread, NULL, read_all, &reader), 0);
    assert_true(file_write_all(ends[1], large, LARGE_BYTES));
    close(ends[1]);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(reader.sum, LARGE_BYTES);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
    assert_false(file_write_all(ends[0], "x", 1)); /* the end to read */
    assert_int_equal(errno, EBADF);
    close(ends[0]);
    free(large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_made_and_replaced, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_fails_leaves_all_as_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(where_there_is_no_place_it_is_said, set_up, tear_down),
        cmocka_unit_test(all_is_written_in_spite_of_signals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
