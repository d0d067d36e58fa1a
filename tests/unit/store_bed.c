#include "tests/unit/store_bed.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/scratch.h"

#define START_MS INT64_C(1795167660000)

static const char *result_name(enum store_result result)
{
    static const char *const names[] = {"", "full ", "refused ", "not-found ", "taken ", "failed "};
    return names[result];
}

static void on_state(void *ctx, enum store_state state, const char *reason)
{
    struct bed *bed = ctx;
    bed->state = state;
    if (state == STORE_UP)
        str_adds(&bed->told, "up ");
    else
        str_addf(&bed->told, "down(%s) ", reason);
}

static void on_tailed(void *ctx, const struct event *event)
{
    struct bed *bed = ctx;
    bed->tailed++;
    str_addf(&bed->told, "%s:%d:%s ", event->log, (int)event->position,
             event->text ? event->text : "-");
}

static void on_repeated(void *ctx, const struct event *event, const struct event *first)
{
    struct bed *bed = ctx;
    str_addf(&bed->told, "%s=%s:%d:%s ", event->text, first->log, (int)first->position,
             first->text);
}

static void on_failed(void *ctx, const struct event *event)
{
    struct bed *bed = ctx;
    str_addf(&bed->told, "failed:%s ", event->text);
}

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    struct bed *bed = ctx;
    bed->reads--;
    str_addf(&bed->told, "[%d] %s", (int)token, result_name(result));
    for (size_t i = 0; i < count; i++)
        str_addf(&bed->told, "%d:%s ", (int)events[i].position,
                 events[i].redacted ? "redacted"
                 : events[i].text   ? events[i].text
                                    : "-");
}

static void on_targets(void *ctx, uint64_t token, enum store_result result,
                       const struct store_target *targets, size_t count)
{
    struct bed *bed = ctx;
    bed->reads--;
    str_addf(&bed->told, "[%d] %s", (int)token, result_name(result));
    for (size_t i = 0; i < count; i++)
        str_addf(&bed->told, "%s@%d ", targets[i].log, (int)(targets[i].spoken_ms - START_MS));
}

static void on_claimed(void *ctx, uint64_t token, enum store_result result, const char *owner)
{
    struct bed *bed = ctx;
    bed->claims--;
    str_addf(&bed->told, "[%d] %sowner:%s ", (int)token, result_name(result), owner ? owner : "-");
}

static void on_wake(void *ctx)
{
    struct bed *bed = ctx;
    pthread_mutex_lock(&bed->lock);
    bed->awake = true;
    pthread_cond_signal(&bed->woken);
    pthread_mutex_unlock(&bed->lock);
}

void bed_init(struct bed *bed, enum bed_kind kind)
{
    *bed = (struct bed){.options = store_options_default()};
    bed->options.durability = kind == BED_MEMORY ? STORE_NONE : STORE_PROCESS;
    bed->options.in_poll = kind == BED_IN_POLL;
    bed->options.seed = 42;
    strcpy(bed->dir, "/tmp/snug-store-XXXXXX");
    scratch_make(bed->dir);
    str_init(&bed->error, 1000);
    str_init(&bed->told, 16 * 1024 * 1024);
    pthread_mutex_init(&bed->lock, NULL);
    pthread_cond_init(&bed->woken, NULL);
}

void bed_release(struct bed *bed)
{
    bed_close(bed);
    scratch_remove(bed->dir);
    str_release(&bed->error);
    str_release(&bed->told);
    free(bed->told_before);
    pthread_cond_destroy(&bed->woken);
    pthread_mutex_destroy(&bed->lock);
}

bool bed_open(struct bed *bed)
{
    struct store_listener listener = {
        .ctx = bed,
        .state = on_state,
        .tailed = on_tailed,
        .repeated = on_repeated,
        .failed = on_failed,
        .page = on_page,
        .targets = on_targets,
        .claimed = on_claimed,
        .wake = on_wake,
    };
    assert(!bed->store);
    bed->state = STORE_DOWN;
    str_reset(&bed->error);
    bed->store = store_open(bed->dir, &listener, &bed->options, &bed->error);
    return bed->store != NULL;
}

void bed_close(struct bed *bed)
{
    store_free(bed->store);
    bed->store = NULL;
    bed->reads = bed->claims = 0;
}

static void poll_or_wait(struct bed *bed)
{
    if (store_poll(bed->store) > 0 || bed->options.in_poll || bed->options.durability == STORE_NONE)
        return;
    pthread_mutex_lock(&bed->lock);
    while (!bed->awake)
        pthread_cond_wait(&bed->woken, &bed->lock);
    bed->awake = false;
    pthread_mutex_unlock(&bed->lock);
    store_poll(bed->store);
}

void bed_settle(struct bed *bed)
{
    store_poll(bed->store);
    while (store_pending(bed->store) > 0 || bed->reads > 0 || bed->claims > 0)
        poll_or_wait(bed);
}

static void await_reads(struct bed *bed)
{
    while (bed->reads > 0)
        poll_or_wait(bed);
}

void bed_await_state(struct bed *bed, enum store_state state)
{
    while (bed->state != state)
        poll_or_wait(bed);
}

enum store_result bed_append(struct bed *bed, struct event event)
{
    if (!event.target)
        event.target = event.log;
    if (!event.who.nick)
        event.who = (struct who){.nick = "ada", .user = "u", .host = "h"};
    if (event.time_ms == 0)
        event.time_ms = START_MS + (int64_t)bed->last_id;
    if (event.id[0] == '\0')
        snprintf(event.id, sizeof event.id, "id%llu", (unsigned long long)++bed->last_id);
    return store_append(bed->store, &event);
}

enum store_result bed_say(struct bed *bed, const char *log, const char *text, const char *id)
{
    struct event event = {.type = EVENT_SPEECH, .log = log, .text = text};
    if (id)
        snprintf(event.id, sizeof event.id, "%s", id);
    return bed_append(bed, event);
}

void bed_commit(struct bed *bed)
{
    store_commit(bed->store);
    bed_settle(bed);
}

const char *bed_told(struct bed *bed)
{
    free(bed->told_before);
    bed->told_before = xstrdup(bed->told.data);
    str_reset(&bed->told);
    return bed->told_before;
}

const char *bed_read(struct bed *bed, struct store_query query)
{
    bed_told(bed);
    bed->reads++;
    if (store_read(bed->store, &query, 7) != STORE_OK)
        return "not taken";
    await_reads(bed);
    return bed_told(bed);
}

const char *bed_search(struct bed *bed, const char *log, const char *words)
{
    bed_told(bed);
    bed->reads++;
    struct store_search search = {.logs = &log, .log_count = 1, .words = words, .limit = 10};
    if (store_search(bed->store, &search, 8) != STORE_OK)
        return "not taken";
    await_reads(bed);
    return bed_told(bed);
}

const char *bed_path(const struct bed *bed, const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", bed->dir, name);
    return path;
}
