/* Lines of the log: one an event, in both formats, harmless, with a level and the time given. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <stdio.h>

#include "common/log.h"

/* 2026-11-20T10:00:00.123Z */
static const int64_t now_ms = INT64_C(1795168800123);

struct fixture {
    char *text;
    size_t len;
    FILE *out;
    struct log log;
};

static void begin(struct fixture *f, enum log_level level, enum log_format format)
{
    f->out = open_memstream(&f->text, &f->len);
    log_init(&f->log, f->out, "snugd", level, format);
}

static void end(struct fixture *f, const char *expected)
{
    log_release(&f->log);
    fclose(f->out);
    assert_string_equal(f->text, expected);
    free(f->text);
}

static void text_lines(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, LOG_LEVEL_DEBUG, LOG_FORMAT_TEXT);
    log_event(&f.log, now_ms, LOG_LEVEL_INFO, "listening on %s", "127.0.0.1:6667");
    log_event(&f.log, 0, LOG_LEVEL_ERROR, "the epoch");
    log_event(&f.log, -1, LOG_LEVEL_WARN, "before it");
    log_event(&f.log, now_ms, LOG_LEVEL_DEBUG, "a \"quote\"");
    end(&f, "2026-11-20T10:00:00.123Z snugd: info: listening on 127.0.0.1:6667\n"
            "1970-01-01T00:00:00.000Z snugd: error: the epoch\n"
            "1969-12-31T23:59:59.999Z snugd: warn: before it\n"
            "2026-11-20T10:00:00.123Z snugd: debug: a \"quote\"\n");
}

static void json_lines(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, LOG_LEVEL_INFO, LOG_FORMAT_JSON);
    log_event(&f.log, now_ms, LOG_LEVEL_INFO, "a \"quote\", a \\ and \u65e5");
    log_event(&f.log, now_ms, LOG_LEVEL_WARN, "two\nlines");
    end(&f, "{\"time\":\"2026-11-20T10:00:00.123Z\",\"program\":\"snugd\",\"level\":\"info\","
            "\"event\":\"a \\\"quote\\\", a \\\\ and \u65e5\"}\n"
            "{\"time\":\"2026-11-20T10:00:00.123Z\",\"program\":\"snugd\",\"level\":\"warn\","
            "\"event\":\"two^Jlines\"}\n");
}

static void less_important_is_left_out(void **state)
{
    (void)state;
    for (int level = LOG_LEVEL_ERROR; level <= LOG_LEVEL_DEBUG; level++) {
        struct fixture f;
        begin(&f, (enum log_level)level, LOG_FORMAT_TEXT);
        for (int each = LOG_LEVEL_ERROR; each <= LOG_LEVEL_DEBUG; each++)
            log_event(&f.log, 0, (enum log_level)each, "x");
        int lines = 0;
        for (size_t i = 0; i < f.len; i++)
            lines += f.text[i] == '\n';
        assert_int_equal(lines, level + 1);
        assert_non_null(strstr(f.text, log_level_names[level]));
        log_release(&f.log);
        fclose(f.out);
        free(f.text);
    }
}

static void nothing_acts_on_a_terminal(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f, LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    log_event(&f.log, 0, LOG_LEVEL_INFO, "nick %s", "\x1b[2J\r\n2026 forged\x7f\xff\u202e");
    end(&f, "1970-01-01T00:00:00.000Z snugd: info: "
            "nick ^[[2J^M^J2026 forged^?\ufffd\ufffd\n");
}

static void long_events_are_cut(void **state)
{
    (void)state;
    static const char *const fillers[] = {"x", "\xff", "\x01", "\""};
    for (size_t i = 0; i < 4; i++) {
        struct fixture f;
        char *event = calloc(1, 5001);
        for (size_t n = 0; n < 5000; n++)
            event[n] = *fillers[i];
        begin(&f, LOG_LEVEL_INFO, LOG_FORMAT_JSON);
        log_event(&f.log, 0, LOG_LEVEL_INFO, "%s", event);
        assert_in_range(f.len, 1024, 1024 * 3 + 200);
        assert_string_equal(f.text + f.len - 3, "\"}\n");
        log_release(&f.log);
        fclose(f.out);
        free(f.text);
        free(event);
    }
}

static void what_cannot_be_written_is_counted(void **state)
{
    (void)state;
    struct log log;
    FILE *full = fopen("/dev/full", "w");
    assert_non_null(full);
    log_init(&log, full, "snugd", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    log_event(&log, 0, LOG_LEVEL_INFO, "one");
    log_event(&log, 0, LOG_LEVEL_DEBUG, "left out");
    log_event(&log, 0, LOG_LEVEL_INFO, "two");
    assert_int_equal(log.lost, 2);
    log_release(&log);
    fclose(full);
}

/* A pipe that holds 16 KB, and a log onto it. */
struct pipe_fixture {
    int reading, writing;
    FILE *out;
    struct log log;
};

static void begin_pipe(struct pipe_fixture *f, int flags, enum log_format format)
{
    int pair[2];
    assert_int_equal(pipe(pair), 0);
    f->reading = pair[0];
    f->writing = pair[1];
    assert_true(fcntl(f->writing, F_SETPIPE_SZ, 16384) > 0);
    fcntl(f->writing, F_SETFL, flags);
    f->out = fdopen(f->writing, "w");
    setvbuf(f->out, NULL, _IONBF, 0); /* as standard error */
    log_init(&f->log, f->out, "snugd", LOG_LEVEL_ERROR, format);
}

static void end_pipe(struct pipe_fixture *f)
{
    log_release(&f->log);
    fclose(f->out);
    close(f->reading);
}

/* Writes until lines are lost; returns how many were written. */
static int fill(struct log *log)
{
    int written = 0;
    for (; written < 1000; written++) {
        log_event(log, 0, LOG_LEVEL_ERROR, "%0500d", 0);
        if (log->lost > 0)
            return written;
    }
    return written;
}

static void nobody_waits_for_a_reader_and_he_is_told(void **state)
{
    (void)state;
    static const struct {
        int flags;
        enum log_format format;
        const char *told;
    } cases[] = {
        {0, LOG_FORMAT_TEXT,
         "1970-01-01T00:00:00.007Z snugd: warn: (3 lines of the log were lost)\n"
         "1970-01-01T00:00:00.007Z snugd: error: on\n"},
        {O_NONBLOCK, LOG_FORMAT_JSON,
         "{\"time\":\"1970-01-01T00:00:00.007Z\",\"program\":\"snugd\",\"level\":\"warn\","
         "\"event\":\"(3 lines of the log were lost)\"}\n"
         "{\"time\":\"1970-01-01T00:00:00.007Z\",\"program\":\"snugd\",\"level\":\"error\","
         "\"event\":\"on\"}\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pipe_fixture f;
        char bytes[32768] = "";
        begin_pipe(&f, cases[i].flags, cases[i].format);
        assert_in_range(fill(&f.log), 20, 32);
        log_event(&f.log, 0, LOG_LEVEL_ERROR, "%0500d", 0);
        log_event(&f.log, 0, LOG_LEVEL_ERROR, "%0500d", 0);
        assert_int_equal(f.log.lost, 3);
        ssize_t len = read(f.reading, bytes, sizeof bytes);
        assert_true(len > 0 && bytes[len - 1] == '\n');
        log_event(&f.log, 7, LOG_LEVEL_ERROR, "on");
        len = read(f.reading, bytes, sizeof bytes - 1);
        assert_true(len > 0);
        bytes[len] = '\0';
        assert_string_equal(bytes, cases[i].told);
        assert_int_equal(f.log.lost, 0);
        end_pipe(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_lines),
        cmocka_unit_test(json_lines),
        cmocka_unit_test(less_important_is_left_out),
        cmocka_unit_test(nothing_acts_on_a_terminal),
        cmocka_unit_test(long_events_are_cut),
        cmocka_unit_test(what_cannot_be_written_is_counted),
        cmocka_unit_test(nobody_waits_for_a_reader_and_he_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
