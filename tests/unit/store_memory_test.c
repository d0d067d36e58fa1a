/* The store in memory: order, positions, completion, idempotency, limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "server/store/store.h"

/* What the store told, in words. */
struct told {
    char text[4096];
    struct store *store;
    int echoes; /* how many times to append again what is told */
};

static void add(struct told *told, const char *text)
{
    size_t len = strlen(told->text);
    snprintf(told->text + len, sizeof told->text - len, "%s", text);
}

static void on_state(void *ctx, enum store_state state, const char *reason)
{
    (void)reason;
    add(ctx, state == STORE_UP ? "up " : "down ");
}

static void on_tailed(void *ctx, const struct event *event)
{
    struct told *told = ctx;
    char line[200];
    snprintf(line, sizeof line, "%s:%d:%s ", event->log, (int)event->position, event->text);
    add(told, line);
    if (told->echoes > 0) {
        struct event again = *event;
        told->echoes--;
        again.id[0] = (char)('a' + told->echoes);
        store_append(told->store, &again);
    }
}

static void on_failed(void *ctx, const struct event *event)
{
    (void)event;
    add(ctx, "failed ");
}

static struct store *open_store(struct told *told, size_t max_events)
{
    struct store_listener listener = {
        .ctx = told, .state = on_state, .tailed = on_tailed, .failed = on_failed};
    told->store = store_memory_new(&listener, max_events, 42);
    return told->store;
}

static enum store_result say(struct store *store, const char *log, const char *id, const char *text)
{
    char copied_text[64];
    snprintf(copied_text, sizeof copied_text, "%s", text);
    struct event event = {.type = EVENT_SPEECH, .log = log, .target = log, .text = copied_text};
    snprintf(event.id, sizeof event.id, "%s", id);
    enum store_result result = store_append(store, &event);
    memset(copied_text, '#', sizeof copied_text); /* the store has its own copy */
    return result;
}

static void nothing_shows_before_commit_and_poll(void **state)
{
    (void)state;
    struct told told = {0};
    struct store *store = open_store(&told, 10);
    assert_string_equal(told.text, "");
    say(store, "#tea", "1", "one");
    say(store, "#hat", "1", "hat");
    say(store, "#tea", "2", "two");
    assert_int_equal(store_pending(store), 3);
    assert_int_equal(store_poll(store), 0);
    assert_string_equal(told.text, "up ");
    store_commit(store);
    assert_string_equal(told.text, "up ");
    assert_int_equal(store_poll(store), 3);
    assert_string_equal(told.text, "up #tea:1:one #hat:1:hat #tea:2:two ");
    assert_int_equal(store_pending(store), 0);
    assert_int_equal(store_poll(store), 0);
    store_free(store);
}

static void same_id_is_written_once_a_log(void **state)
{
    (void)state;
    struct told told = {0};
    struct store *store = open_store(&told, 10);
    say(store, "#tea", "x", "one");
    say(store, "#tea", "x", "two");
    say(store, "#hat", "x", "three");
    store_commit(store);
    assert_int_equal(store_poll(store), 3);
    assert_string_equal(told.text, "up #tea:1:one #hat:1:three ");
    store_free(store);
}

static void what_the_listener_appends_waits_for_its_own_commit(void **state)
{
    (void)state;
    struct told told = {.echoes = 2};
    struct store *store = open_store(&told, 10);
    say(store, "#tea", "1", "one");
    store_commit(store);
    assert_int_equal(store_poll(store), 1);
    assert_int_equal(store_pending(store), 1);
    store_commit(store);
    store_poll(store);
    store_commit(store);
    store_poll(store);
    assert_string_equal(told.text, "up #tea:1:one #tea:2:one #tea:3:one ");
    store_free(store);
}

static void old_events_are_forgotten_but_positions_go_on(void **state)
{
    (void)state;
    struct told told = {0};
    struct store *store = open_store(&told, 2);
    const char *ids[] = {"1", "2", "3", "1"};
    for (int i = 0; i < 4; i++)
        say(store, "#tea", ids[i], ids[i]);
    store_commit(store);
    store_poll(store);
    assert_string_equal(told.text, "up #tea:1:1 #tea:2:2 #tea:3:3 #tea:4:1 ");
    store_free(store);
}

static void a_full_queue_says_so(void **state)
{
    (void)state;
    struct told told = {0};
    struct store *store = open_store(&told, 1);
    enum store_result result = STORE_OK;
    size_t count = 0;
    while (count < 1000000 && result == STORE_OK) {
        char id[EVENT_ID_MAX];
        snprintf(id, sizeof id, "%zu", count);
        result = say(store, "#tea", id, "");
        count += result == STORE_OK;
    }
    assert_int_equal(result, STORE_FULL);
    assert_int_equal(store_pending(store), count);
    store_commit(store);
    assert_int_equal(store_poll(store), count);
    assert_int_equal(say(store, "#tea", "again", ""), STORE_OK);
    store_free(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_shows_before_commit_and_poll),
        cmocka_unit_test(same_id_is_written_once_a_log),
        cmocka_unit_test(what_the_listener_appends_waits_for_its_own_commit),
        cmocka_unit_test(old_events_are_forgotten_but_positions_go_on),
        cmocka_unit_test(a_full_queue_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
