/* Times on the wire, there and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "server/door/irc/timestamp.h"

static const int64_t last_ms = INT64_C(253402300799999);

static void reads_what_is_in_the_calendar(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms; /* 0: it is none */
    } rows[] = {
        {"2026-11-20T09:41:00.000Z", INT64_C(1795167660000)},
        {"2024-02-29T00:00:00.001Z", INT64_C(1709164800001)},
        {"2000-02-29T00:00:00.000Z", INT64_C(951782400000)},
        {"2016-12-31T23:59:60.000Z", INT64_C(1483228800000)}, /* a leap second */
        {"9999-12-31T23:59:59.999Z", last_ms},
        {"1969-12-31T23:59:59.999Z", 1},
        {"0000-01-01T00:00:00.000Z", 1},
        {"2020-02-30T00:00:00.000Z", 0},
        {"2023-02-29T00:00:00.000Z", 0},
        {"1900-02-29T00:00:00.000Z", 0},
        {"2026-04-31T00:00:00.000Z", 0},
        {"2026-13-01T00:00:00.000Z", 0},
        {"2026-00-01T00:00:00.000Z", 0},
        {"2026-01-00T00:00:00.000Z", 0},
        {"2026-01-01T24:00:00.000Z", 0},
        {"2026-01-01T00:60:00.000Z", 0},
        {"2026-01-01T00:00:00Z", 0},
        {"10000-01-01T00:00:00.000Z", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms = 0;
        assert_int_equal(irc_timestamp_read(rows[i].text, &ms), rows[i].ms != 0);
        if (rows[i].ms != 0)
            assert_int_equal(ms, rows[i].ms);
    }
}

static void writes_any_time_in_its_form(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {INT64_C(1795167660500), "2026-11-20T09:41:00.500Z"},
        {last_ms, "9999-12-31T23:59:59.999Z"},
        {last_ms + 1, "9999-12-31T23:59:59.999Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999Z"},
        {-1, "1970-01-01T00:00:00.000Z"},
        {INT64_MIN, "1970-01-01T00:00:00.000Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[IRC_TIMESTAMP_BYTES];
        irc_timestamp_write(text, rows[i].ms);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_in_the_calendar),
        cmocka_unit_test(writes_any_time_in_its_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
