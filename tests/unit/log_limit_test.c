/* What strangers cause, in the log: at once, then summed by the minute, and never more than so many
 * lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/log.h"
#include "server/run/log_limit.h"

static const int64_t start_ms = INT64_C(1795168800000);

struct fixture {
    char *text;
    size_t len;
    FILE *out;
    struct log log;
    struct log_limit *limit;
};

static void begin(struct fixture *f)
{
    f->out = open_memstream(&f->text, &f->len);
    log_init(&f->log, f->out, "snugd", LOG_LEVEL_INFO, LOG_FORMAT_TEXT);
    f->limit = log_limit_new(&f->log, 1);
}

static void end(struct fixture *f)
{
    log_limit_free(f->limit);
    log_release(&f->log);
    fclose(f->out);
    free(f->text);
}

static size_t lines(const struct fixture *f)
{
    size_t count = 0;
    for (size_t i = 0; i < f->len; i++)
        count += f->text[i] == '\n';
    return count;
}

static void pass(struct fixture *f, int64_t from_ms, int64_t to_ms)
{
    for (int64_t now_ms = from_ms; now_ms <= to_ms; now_ms += 1000)
        log_limit_tick(f->limit, now_ms);
}

static void the_first_is_said_and_the_others_are_counted(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 1000; i++)
        log_limit_connection(f.limit, start_ms + i, LOG_LIMIT_TURNED_AWAY, "10.0.0.1", "no room");
    log_limit_connection(f.limit, start_ms, LOG_LIMIT_DISCONNECTED, "10.0.0.1", "no room");
    log_limit_connection(f.limit, start_ms, LOG_LIMIT_TURNED_AWAY, "10.0.0.2", "no room");
    assert_int_equal(lines(&f), 3);
    assert_non_null(strstr(f.text, "turned 10.0.0.1 away: no room\n"));
    assert_non_null(strstr(f.text, "disconnected 10.0.0.1: no room\n"));
    pass(&f, start_ms, start_ms + LOG_LIMIT_PERIOD_MS - 1000);
    assert_int_equal(lines(&f), 3);
    pass(&f, start_ms + LOG_LIMIT_PERIOD_MS, start_ms + 2 * LOG_LIMIT_PERIOD_MS + 2000);
    assert_int_equal(lines(&f), 4);
    assert_non_null(strstr(f.text, "turned 10.0.0.1 away: no room; 999 more times in a minute\n"));
    log_limit_connection(f.limit, start_ms + 3 * LOG_LIMIT_PERIOD_MS, LOG_LIMIT_TURNED_AWAY,
                         "10.0.0.1", "no room");
    assert_int_equal(lines(&f), 5); /* that one was forgotten */
    end(&f);
}

static void many_different_ones_are_one_number(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 5000; i++) {
        char host[20];
        snprintf(host, sizeof host, "10.0.%d.%d", i / 250, i % 250);
        log_limit_connection(f.limit, start_ms, LOG_LIMIT_NOTICED, host, "noise");
    }
    assert_int_equal(lines(&f), LOG_LIMIT_BURST);
    log_limit_connection(f.limit, start_ms + LOG_LIMIT_REFILL_MS, LOG_LIMIT_NOTICED, "10.1.1.1",
                         "noise");
    log_limit_connection(f.limit, start_ms + LOG_LIMIT_REFILL_MS, LOG_LIMIT_NOTICED, "10.1.1.2",
                         "noise");
    assert_int_equal(lines(&f), LOG_LIMIT_BURST + 1);
    pass(&f, start_ms, start_ms + LOG_LIMIT_PERIOD_MS);
    assert_int_equal(lines(&f), LOG_LIMIT_BURST + 2);
    assert_non_null(strstr(f.text, " 4971 more connections "));
    end(&f);
}

static void a_day_of_it_does_not_fill_the_disk(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int64_t now_ms = start_ms; now_ms < start_ms + 24 * 3600 * 1000; now_ms += 1000) {
        for (int i = 0; i < 10; i++) {
            char host[30];
            snprintf(host, sizeof host, "%d.%d", i, (int)(now_ms % 100000));
            log_limit_connection(f.limit, now_ms, LOG_LIMIT_TURNED_AWAY, host, "no room");
        }
        log_limit_tick(f.limit, now_ms);
    }
    assert_true(f.len < 20 * 1000 * 1000);
    end(&f);
}

static void what_is_told_has_an_end_too_and_takes_nothing_from_trouble(void **state)
{
    (void)state;
    struct fixture f;
    begin(&f);
    for (int i = 0; i < 5000; i++) {
        char line[60];
        snprintf(line, sizeof line, "10.0.0.1 logged in as ada%d", i / 2);
        log_limit_account(f.limit, start_ms, line);
    }
    assert_int_equal(lines(&f), LOG_LIMIT_ACCOUNT_BURST);
    log_limit_connection(f.limit, start_ms, LOG_LIMIT_NOTICED, "10.1.1.1", "noise");
    assert_int_equal(lines(&f), LOG_LIMIT_ACCOUNT_BURST + 1);
    pass(&f, start_ms, start_ms + LOG_LIMIT_PERIOD_MS);
    assert_non_null(strstr(f.text, "info: 10.0.0.1 logged in as ada0; 1 more times in a minute\n"));
    assert_non_null(strstr(f.text, "info: 4400 more lines about accounts were left out\n"));
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_is_said_and_the_others_are_counted),
        cmocka_unit_test(many_different_ones_are_one_number),
        cmocka_unit_test(what_is_told_has_an_end_too_and_takes_nothing_from_trouble),
        cmocka_unit_test(a_day_of_it_does_not_fill_the_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
