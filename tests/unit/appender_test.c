/* The end of a file: what was added is in it, whatever way it took and whatever ended the program. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/disk/appender.h"
#include "common/str.h"

enum { MAX_BYTES = 1 << 22 };

static int new_file(void)
{
    char path[] = "/tmp/snug-appender-XXXXXX";
    int fd = mkostemp(path, O_APPEND);
    assert_true(fd >= 0);
    unlink(path);
    return fd;
}

/* All that is in the file, with its zeros. */
static void read_file(int fd, struct str *content)
{
    char bytes[4096];
    ssize_t count;
    str_init(content, MAX_BYTES);
    for (off_t at = 0; (count = pread(fd, bytes, sizeof(bytes), at)) > 0; at += count)
        assert_true(str_add(content, bytes, (size_t)count));
    assert_int_equal(count, 0);
}

/* The file begins with these bytes, and zeros are all that follows. */
static void expect(int fd, const struct str *wanted, bool may_be_padded)
{
    struct str content;
    read_file(fd, &content);
    assert_true(content.len >= wanted->len);
    assert_memory_equal(content.data, wanted->data, wanted->len);
    for (size_t i = wanted->len; i < content.len; i++)
        assert_int_equal(content.data[i], 0);
    assert_true(may_be_padded || content.len == wanted->len);
    str_release(&content);
}

/* Pieces of many sizes, over many windows, and one that is larger than a window. */
static void add_pieces(bool maps)
{
    struct appender appender;
    struct str wanted, piece;
    int fd = new_file();
    str_init(&wanted, MAX_BYTES);
    str_init(&piece, MAX_BYTES);
    appender_init(&appender, fd, 0);
    if (!maps)
        appender.maps = false;
    for (size_t i = 0; i < 400; i++) {
        size_t len = i == 250 ? APPENDER_WINDOW_BYTES + 1 : i * 7919 % 3001;
        str_reset(&piece);
        while (piece.len < len)
            str_addf(&piece, "%zu,", i);
        assert_true(appender_add(&appender, piece.data, piece.len));
        str_add(&wanted, piece.data, piece.len);
        assert_int_equal(appender.len, wanted.len);
        if (i % 50 == 0)
            expect(fd, &wanted, maps);
    }
    assert_true(appender_release(&appender));
    expect(fd, &wanted, false);
    appender_init(&appender, fd, wanted.len); /* and one can go on */
    assert_true(appender_add(&appender, "more", 4) && appender_release(&appender));
    str_adds(&wanted, "more");
    expect(fd, &wanted, false);
    close(fd);
    str_release(&wanted);
    str_release(&piece);
}

static void test_mapped(void **state)
{
    (void)state;
    add_pieces(true);
}

static void test_written(void **state)
{
    (void)state;
    add_pieces(false);
}

static void test_a_kill_takes_nothing_back(void **state)
{
    (void)state;
    struct str wanted;
    int fd = new_file();
    str_init(&wanted, MAX_BYTES);
    pid_t pid = fork();
    if (pid == 0) {
        struct appender appender;
        appender_init(&appender, fd, 0);
        for (int i = 0; i < 1000; i++)
            appender_add(&appender, "some words of a line that is typed ", 35);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    for (int i = 0; i < 1000; i++)
        str_adds(&wanted, "some words of a line that is typed ");
    expect(fd, &wanted, true);
    close(fd);
    str_release(&wanted);
}

/* What does not fit is not there in part, and what fits later is. */
static void test_no_room(void **state)
{
    (void)state;
    struct appender appender;
    struct str wanted;
    struct rlimit limit, before;
    char *large = calloc(1, APPENDER_WINDOW_BYTES);
    memset(large, 'x', APPENDER_WINDOW_BYTES);
    int fd = new_file();
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 1000;
    appender_init(&appender, fd, 0);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    bool small =
        appender_add(&appender, "small", 5); /* no window is to be had, but room for this */
    errno = 0;
    bool huge = appender_add(&appender, large, APPENDER_WINDOW_BYTES);
    int error = errno;
    bool again = appender_add(&appender, "again", 5);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_true(small && !huge && again);
    assert_int_equal(error, EFBIG);
    str_init(&wanted, MAX_BYTES);
    str_adds(&wanted, "smallagain");
    expect(fd, &wanted, true);
    assert_true(appender_add(&appender, large, APPENDER_WINDOW_BYTES) &&
                appender_release(&appender));
    str_add(&wanted, large, APPENDER_WINDOW_BYTES);
    expect(fd, &wanted, false);
    close(fd);
    free(large);
    str_release(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mapped),
        cmocka_unit_test(test_written),
        cmocka_unit_test(test_a_kill_takes_nothing_back),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
