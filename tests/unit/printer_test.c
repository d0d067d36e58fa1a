/* A printer onto a pipe, a socket and a file: what they do not take waits, and nothing of theirs is set. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "server/admin/printer.h"

enum { PIPE_BYTES = 4096, SOME_BYTES = 1 << 20 };

/* Reads all that is there; returns how many bytes that was, of which the last are in `end`. */
static size_t drain(int fd, char *end, size_t size)
{
    static char bytes[SOME_BYTES];
    fcntl(fd, F_SETFL, O_NONBLOCK);
    ssize_t count = read(fd, bytes, sizeof bytes);
    size_t len = count > 0 ? (size_t)count : 0;
    size_t kept = len < size ? len : size - 1;
    memcpy(end, bytes + len - kept, kept);
    end[kept] = '\0';
    return len;
}

static void print_many(struct printer *printer, int lines)
{
    char line[102];
    memset(line, 'x', 100);
    strcpy(line + 100, "\n");
    for (int i = 0; i < lines; i++)
        printer_lines(printer, line, 101);
}

static void check_that_what_is_not_taken_waits(int reading, int writing)
{
    char end[100];
    struct printer *printer = printer_new(writing);
    print_many(printer, 5000); /* 505 KB: twice what may wait */
    size_t taken = drain(reading, end, sizeof end);
    assert_true(taken > 0);
    while (!strstr(end, "were left out")) {
        printer_flush(printer);
        size_t more = drain(reading, end, sizeof end);
        assert_true(more > 0);
        taken += more;
    }
    assert_true(taken >= PRINTER_WAITING_BYTES - 101);
    int left_out = atoi(strrchr(end, '(') + 1);
    assert_int_equal(taken - strlen(strrchr(end, '(')), (5000 - left_out) * 101);
    assert_false(fcntl(writing, F_GETFL) & O_NONBLOCK);
    printer_free(printer);
    assert_int_equal(write(writing, "still open", 10), 10);
}

static void a_pipe(void **state)
{
    int pair[2];
    (void)state;
    assert_int_equal(pipe(pair), 0);
    assert_true(fcntl(pair[1], F_SETPIPE_SZ, PIPE_BYTES) >= PIPE_BYTES);
    check_that_what_is_not_taken_waits(pair[0], pair[1]);
    close(pair[0]);
    close(pair[1]);
}

static void a_socket(void **state)
{
    int pair[2];
    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    check_that_what_is_not_taken_waits(pair[0], pair[1]);
    close(pair[0]);
    close(pair[1]);
}

static void a_file_is_gone_on_with(void **state)
{
    char bytes[100];
    FILE *file = tmpfile();
    (void)state;
    assert_int_equal(write(fileno(file), "before\n", 7), 7);
    struct printer *printer = printer_new(fileno(file));
    print_many(printer, 1000);
    printer_free(printer);
    assert_int_equal(lseek(fileno(file), 0, SEEK_CUR), 7 + 101000);
    assert_int_equal(pread(fileno(file), bytes, 9, 0), 9);
    assert_memory_equal(bytes, "before\nxx", 9);
    fclose(file);
}

static void nobody_reads_any_more(void **state)
{
    int pair[2];
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(pair), 0);
    struct printer *printer = printer_new(pair[1]);
    close(pair[0]);
    print_many(printer, 10);
    printer_flush(printer);
    printer_free(printer);
    close(pair[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe),
        cmocka_unit_test(a_socket),
        cmocka_unit_test(a_file_is_gone_on_with),
        cmocka_unit_test(nobody_reads_any_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
