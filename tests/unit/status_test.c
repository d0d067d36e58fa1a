/* The status screen: what it counts, and over which time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "server/admin/status.h"
#include "tests/script/house.h"

#define START_MS INT64_C(1795167660000)

static void count(struct status *status, enum event_type type, const char *target,
                  uint64_t position, int64_t now_ms)
{
    const struct event event = {.type = type, .target = target, .position = position};
    status_count(status, &event, now_ms);
}

static void assert_written(struct status *status, int64_t now_ms, struct house *house,
                           const char *wanted)
{
    struct str out;
    str_init(&out, 64 * 1024);
    status_write(status, now_ms, house->pump, house->hub, house->store, &out);
    if (!strstr(out.data, wanted))
        fail_msg("no \"%s\" in\n%s", wanted, out.data);
    str_release(&out);
}

static struct house *new_house(void)
{
    return house_new(&(struct house_config){.lobby = "#lobby"});
}

static void test_time(void **state)
{
    (void)state;
    struct house *house = new_house();
    struct status status;
    status_init(&status, START_MS);
    assert_written(&status, START_MS + 59999, house, "up 0 min\n");
    assert_written(&status, START_MS + 61 * 60000, house, "up 1 h 1 min\n");
    assert_written(&status, START_MS + (25 * 60 + 2) * INT64_C(60000), house, "up 1 d 1 h 2 min\n");
    house_free(house);
}

static void test_the_last_minute(void **state)
{
    (void)state;
    struct house *house = new_house();
    struct status status;
    status_init(&status, START_MS);
    for (int i = 0; i < 3; i++)
        count(&status, EVENT_SPEECH, "#lobby", 1, START_MS + 100);
    count(&status, EVENT_JOIN, "#lobby", 1, START_MS + 100);
    count(&status, EVENT_SPEECH, "#lobby", 1, START_MS + 30000);
    assert_written(&status, START_MS + 30000, house,
                   "messages     4; 4 in the last minute, at most 3 a second\n");
    assert_written(&status, START_MS + 59000, house, "4; 4 in the last minute, at most 3");
    assert_written(&status, START_MS + 60000, house, "4; 1 in the last minute, at most 1");
    assert_written(&status, START_MS + 3600000, house, "4; 0 in the last minute, at most 0");
    assert_written(&status, START_MS, house,
                   "4; 0 in the last minute"); /* the clock was set back */
    house_free(house);
}

static void test_rooms(void **state)
{
    (void)state;
    struct house *house = new_house();
    struct status status;
    status_init(&status, START_MS);
    for (int i = 0; i < 2 * STATUS_ROOMS; i++) {
        char name[16];
        snprintf(name, sizeof name, "#room%d", i);
        count(&status, EVENT_SPEECH, name, (uint64_t)i + 1, START_MS);
    }
    count(&status, EVENT_SPEECH, "#room10", 100, START_MS);
    count(&status, EVENT_SPEECH, "ada", 1, START_MS);
    assert_int_equal(status.room_count, STATUS_ROOMS);
    assert_string_equal(status.rooms[0].name, "#room10");
    assert_string_equal(status.rooms[1].name, "#room15");
    assert_string_equal(status.rooms[STATUS_ROOMS - 1].name, "#room8");
    assert_written(&status, START_MS, house, "  #room10 at 100, 0 here\n  #room15 at 16, 0 here\n");
    house_free(house);
}

static void test_connections(void **state)
{
    (void)state;
    struct house *house = new_house();
    struct status status;
    status_init(&status, START_MS);
    struct house_peer *ada = house_open_plain(house, "ada.host");
    house_open(house, "bob.host");
    house_send(house, ada, "ada\n", 4);
    assert_written(&status, START_MS, house, "connections  2: plain 1, irc 1; 1 people\n");
    house_free(house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_the_last_minute),
        cmocka_unit_test(test_rooms),
        cmocka_unit_test(test_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
