#include "tests/script/slow_store.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/store/engine.h"

enum { MEMORY_EVENTS = 100000 };

struct slow_store {
    struct engine engine;
    struct engine *below;
    bool owns_below;
    struct store_listener listener;
    bool holding;
    bool failing; /* once */
};

static struct slow_store *slow_of(struct engine *engine)
{
    return (struct slow_store *)engine;
}

static void slow_free(struct engine *engine)
{
    struct slow_store *slow = slow_of(engine);
    if (slow->owns_below)
        slow->below->ops->free(slow->below);
    free(slow);
}

static bool slow_ready(const struct engine *engine)
{
    return !((const struct slow_store *)engine)->holding;
}

static bool slow_write(struct engine *engine, struct list *jobs, struct str *reason)
{
    struct slow_store *slow = slow_of(engine);
    if (slow->failing || slow->holding) { /* held up at its end: it is killed */
        slow->failing = false;
        str_adds(reason, "no room");
        return false;
    }
    return slow->below->ops->write(slow->below, jobs, reason);
}

static void slow_published(struct engine *engine)
{
    slow_of(engine)->below->ops->published(slow_of(engine)->below);
}

static void slow_keep(struct engine *engine, struct keep *keep)
{
    slow_of(engine)->below->ops->keep(slow_of(engine)->below, keep);
}

static void slow_answer(struct engine *engine, struct job *job)
{
    slow_of(engine)->below->ops->answer(slow_of(engine)->below, job);
}

static bool slow_maintain(struct engine *engine, int64_t now_ms)
{
    return slow_of(engine)->below->ops->maintain(slow_of(engine)->below, now_ms);
}

static size_t slow_backlog(const struct engine *engine)
{
    const struct engine *below = ((const struct slow_store *)engine)->below;
    return below->ops->backlog(below);
}

static bool slow_each_fact(struct engine *engine, const char *prefix,
                           void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                           void *ctx)
{
    return slow_of(engine)->below->ops->each_fact(slow_of(engine)->below, prefix, fn, ctx);
}

struct store *slow_store_new(const struct store_listener *listener, struct engine *below)
{
    static const struct engine_ops ops = {
        .free = slow_free,
        .ready = slow_ready,
        .write = slow_write,
        .published = slow_published,
        .keep = slow_keep,
        .answer = slow_answer,
        .maintain = slow_maintain,
        .backlog = slow_backlog,
        .each_fact = slow_each_fact,
    };
    struct slow_store *slow = xcalloc(1, sizeof *slow);
    slow->engine.ops = &ops;
    slow->owns_below = below == NULL;
    slow->below = below ? below : engine_memory_new(MEMORY_EVENTS, 1);
    slow->listener = *listener;
    struct store_options options = store_options_default();
    options.in_poll = true;
    return store_over(&slow->engine, listener, &options);
}

void slow_store_hold(struct store *store)
{
    slow_of(store_engine(store))->holding = true;
}

void slow_store_release(struct store *store)
{
    slow_of(store_engine(store))->holding = false;
}

void slow_store_fail(struct store *store)
{
    struct slow_store *slow = slow_of(store_engine(store));
    slow->holding = false;
    slow->failing = true;
}

void slow_store_set_up(struct store *store, bool up)
{
    const struct store_listener *listener = &slow_of(store_engine(store))->listener;
    listener->state(listener->ctx, up ? STORE_UP : STORE_DEGRADED, up ? NULL : "no room");
}
