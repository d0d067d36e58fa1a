/* What is kept of the log: by age and size, for all rooms and for some, while it is written to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/unit/store_bed.h"

static struct bed bed;

#define START_MS INT64_C(1795167660000)
#define DAY_MS INT64_C(86400000)

static int make_bed(void **state)
{
    (void)state;
    bed_init(&bed, BED_IN_POLL);
    if (!bed_open(&bed))
        fail_msg("%s", bed.error.data);
    bed_settle(&bed);
    bed_told(&bed);
    return 0;
}

static int free_bed(void **state)
{
    (void)state;
    bed_release(&bed);
    return 0;
}

static void say_in(const char *log, const char *text, int64_t after_ms)
{
    bed_append(&bed,
               (struct event){
                   .type = EVENT_SPEECH, .log = log, .text = text, .time_ms = START_MS + after_ms});
    bed_commit(&bed);
}

static void rename_room(const char *log, const char *name)
{
    bed_append(&bed, (struct event){.type = EVENT_RENAME, .log = log, .object = name});
    bed_commit(&bed);
}

/* Lets so many days pass, and what is due be done. */
static void pass_days(int days)
{
    store_tick(bed.store, START_MS + days * DAY_MS);
    for (int i = 0; i < 20; i++)
        store_poll(bed.store);
}

static const char *oldest(const char *log)
{
    return bed_read(&bed, (struct store_query){.log = log, .span = STORE_AFTER, .limit = 1});
}

static void old_entries_are_removed(void **state)
{
    (void)state;
    store_keep(bed.store, &(struct store_keep){.max_age_ms = 10 * DAY_MS}, 1);
    for (int day = 0; day < 30; day++) {
        char text[20];
        snprintf(text, sizeof text, "day%d common", day);
        for (int i = 0; i < 20; i++)
            say_in("#tea", text, day * DAY_MS);
    }
    bed_search(&bed, "#tea", "day0");
    pass_days(30);
    assert_string_equal(oldest("#tea"), "[7] 401:day20 common ");
    assert_string_equal(bed_search(&bed, "#tea", "day19"), "[8] ");
    assert_int_equal(strncmp(bed_search(&bed, "#tea", "common"), "[8] 600:day29", 13), 0);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea",
                                                            .span = STORE_AFTER,
                                                            .from.time_ms = START_MS,
                                                            .limit = 1}),
                        "[7] 401:day20 common ");
    pass_days(300);
    assert_string_equal(bed_read(&bed, (struct store_query){.log = "#tea", .limit = 9}), "[7] ");
    say_in("#tea", "anew", 300 * DAY_MS);
    assert_string_equal(bed_told(&bed), "#tea:601:anew ");
}

static void large_logs_lose_their_oldest_entries(void **state)
{
    (void)state;
    store_keep(bed.store, &(struct store_keep){.max_bytes = 10000}, 1);
    char text[900];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (int i = 0; i < 20; i++)
        say_in("#tea", text, i);
    pass_days(0);
    assert_memory_equal(oldest("#tea"), "[7] 11:", 7);
}

static void speak_everywhere(void)
{
    static const char *const logs[] = {"#tea", "#hat", "ada\nbob"};
    for (int day = 0; day < 5; day++) {
        char text[20];
        snprintf(text, sizeof text, "day%d", day);
        for (size_t i = 0; i < sizeof logs / sizeof logs[0]; i++)
            say_in(logs[i], text, day * DAY_MS);
    }
}

static void a_room_has_a_rule_of_its_own(void **state)
{
    (void)state;
    const struct store_keep rules[] = {
        {.max_age_ms = 10 * DAY_MS},
        {.room = "#Tea", .max_age_ms = 3 * DAY_MS},
    };
    store_keep(bed.store, rules, 2);
    speak_everywhere();
    pass_days(5);
    assert_string_equal(oldest("#tea"), "[7] 3:day2 ");
    assert_string_equal(oldest("#hat"), "[7] 1:day0 ");
    pass_days(11);
    assert_string_equal(oldest("#tea"), "[7] ");
    assert_string_equal(oldest("#hat"), "[7] 2:day1 ");
    assert_string_equal(oldest("ada\nbob"), "[7] 2:day1 ");
}

static void a_room_is_kept_while_others_are_not(void **state)
{
    (void)state;
    const struct store_keep rules[] = {{.max_age_ms = DAY_MS}, {.room = "#tea"}};
    store_keep(bed.store, rules, 2);
    speak_everywhere();
    pass_days(100);
    assert_string_equal(oldest("#tea"), "[7] 1:day0 ");
    assert_string_equal(oldest("#hat"), "[7] ");
}

static void a_rule_goes_by_the_name_of_today(void **state)
{
    (void)state;
    const struct store_keep rules[] = {
        {.room = "#tea", .max_age_ms = DAY_MS},
        {.room = "#coffee", .max_age_ms = 4 * DAY_MS},
    };
    speak_everywhere();
    rename_room("#tea", "#Coffee");
    say_in("#tea,01J", "another room's", 0);
    store_keep(bed.store, rules, 2);
    pass_days(5);
    assert_string_equal(oldest("#tea"), "[7] 2:day1 ");
    assert_string_equal(oldest("#tea,01J"), "[7] ");
    assert_string_equal(oldest("#hat"), "[7] 1:day0 ");
}

static void rules_may_change(void **state)
{
    (void)state;
    speak_everywhere();
    pass_days(5);
    assert_string_equal(oldest("#tea"), "[7] 1:day0 ");
    store_keep(bed.store, &(struct store_keep){.max_age_ms = 2 * DAY_MS}, 1);
    pass_days(5);
    assert_string_equal(oldest("#tea"), "[7] 4:day3 ");
    store_keep(bed.store, NULL, 0);
    pass_days(100);
    assert_string_equal(oldest("#tea"), "[7] 4:day3 ");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_bed, free_bed)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(old_entries_are_removed),          CASE(large_logs_lose_their_oldest_entries),
        CASE(a_room_has_a_rule_of_its_own),     CASE(a_room_is_kept_while_others_are_not),
        CASE(a_rule_goes_by_the_name_of_today), CASE(rules_may_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
