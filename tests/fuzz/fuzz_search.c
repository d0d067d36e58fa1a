/*
 * What people type into a search: none of it is syntax to the index, so every search is answered.
 *
 * Input: the words.
 */
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/store/store.h"
#include "tests/fuzz/target.h"

static char dir[] = "/tmp/snug-fuzz-XXXXXX";
static struct store *store;
static bool answered;

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    (void)ctx;
    (void)token;
    CHECK(result == STORE_OK);
    for (size_t i = 0; i < count; i++)
        CHECK(events[i].text != NULL);
    answered = true;
}

static void close_store(void)
{
    static const char *const names[] = {"log.db", "log.db-wal", "log.db-shm", "lock"};
    store_free(store);
    if (chdir(dir) != 0)
        return;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(names[i]);
    rmdir(dir);
}

static void open_store(void)
{
    static const char *const texts[] = {"the printer is on fire", "a OR b AND NOT c",
                                        "née \"x\" *"};
    struct store_listener listener = {.page = on_page};
    struct store_options options = store_options_default();
    struct str error;
    str_init(&error, 1000);
    options.durability = STORE_PROCESS;
    options.in_poll = true;
    CHECK(mkdtemp(dir) != NULL);
    store = store_open(dir, &listener, &options, &error);
    CHECK(store != NULL);
    str_release(&error);
    atexit(close_store);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct event event = {
            .type = EVENT_SPEECH, .log = "#tea", .target = "#tea", .text = texts[i]};
        event.who = (struct who){.nick = "ada", .user = "u", .host = "h"};
        event.id[0] = (char)('a' + i);
        store_append(store, &event);
    }
    store_commit(store);
    store_poll(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (!store)
        open_store();
    static const char *const logs[] = {"#tea", "#no"};
    char *words = xmemdup0(data, len);
    struct store_search search = {.logs = logs, .log_count = 2, .words = words, .limit = 2};
    if (len > 0 && data[0] % 2)
        search.nick = words;
    answered = false;
    CHECK(store_search(store, &search, 1) == STORE_OK);
    store_poll(store);
    CHECK(answered);
    free(words);
    return 0;
}
