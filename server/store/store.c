/* store.h: what is asked is checked against the limits and queued for the worker; what is done is
 * told to the listener. All of it runs on the caller's thread. */
#include "server/store/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "server/store/worker.h"

enum {
    FACTS_FACTOR = 4, /* so many more facts than events may wait: they are about state */
};

struct store {
    struct store_listener listener;
    struct store_options options;
    struct engine *engine;
    struct worker worker;
    enum store_state state; /* as told */
    bool used;              /* by an append or a reading */
    struct list gathering;
    size_t pending_events; /* not told yet; so are the others */
    size_t pending_others; /* facts and claims */
    size_t pending_bytes;
    size_t pending_reads;
};

struct store_options store_options_default(void)
{
    return (struct store_options){
        .durability = STORE_POWER,
        .max_pending_events = 65536,
        .max_pending_bytes = 64 * 1024 * 1024,
        .max_pending_reads = 4096,
        .busy_ms = 5000,
        .memory_events = 10000,
    };
}

struct store *store_over(struct engine *engine, const struct store_listener *listener,
                         const struct store_options *options)
{
    struct store *store = xcalloc(1, sizeof *store);
    store->listener = *listener;
    store->options = *options;
    store->engine = engine;
    store->state = STORE_DOWN;
    list_init(&store->gathering);
    if (worker_init(&store->worker, engine, options->in_poll, listener))
        return store;
    engine->ops->free(engine);
    free(store);
    return NULL;
}

struct engine *store_engine(struct store *store)
{
    return store->engine;
}

struct store *store_memory_new(const struct store_listener *listener, size_t max_events,
                               uint64_t seed)
{
    struct store_options options = store_options_default();
    options.in_poll = true;
    return store_over(engine_memory_new(max_events, seed), listener, &options);
}

struct store *store_open(const char *dir, const struct store_listener *listener,
                         const struct store_options *options, struct str *error)
{
    if (options->durability == STORE_NONE) {
        struct store_options in_poll = *options;
        in_poll.in_poll = true;
        return store_over(engine_memory_new(options->memory_events, options->seed), listener,
                          &in_poll);
    }
    struct engine *engine = engine_sqlite_open(dir, options, error);
    if (!engine)
        return NULL;
    struct store *store = store_over(engine, listener, options);
    if (!store)
        str_adds(error, "the system gives no threads for the log; raise its limit (ulimit -u)");
    return store;
}

void store_free(struct store *store)
{
    if (!store)
        return;
    worker_release(&store->worker);
    job_free_all(&store->gathering);
    store->engine->ops->free(store->engine);
    free(store);
}

bool store_each_fact(struct store *store, const char *prefix,
                     void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                     void *ctx)
{
    assert(!store->used);
    return store->engine->ops->each_fact(store->engine, prefix, fn, ctx);
}

static void gather(struct store *store, struct job *job)
{
    store->used = true;
    store->pending_bytes += job->bytes;
    if (job->type == JOB_APPEND)
        store->pending_events++;
    else
        store->pending_others++;
    list_add_tail(&store->gathering, &job->in_line);
}

enum store_result store_append(struct store *store, const struct event *event)
{
    assert(event->log && event->id[0] != '\0');
    if (entry_refusable(event)) {
        if (store->state == STORE_DEGRADED)
            return STORE_REFUSED;
        if (store->pending_events >= store->options.max_pending_events ||
            store->pending_bytes >= store->options.max_pending_bytes)
            return STORE_FULL;
    }
    struct job *job = job_new(JOB_APPEND, 0);
    job->u.append.entry = entry_new(event);
    job->bytes += job->u.append.entry->bytes;
    gather(store, job);
    return STORE_OK;
}

enum store_result store_put(struct store *store, const char *key, const void *value, size_t len)
{
    if (store->pending_others >= FACTS_FACTOR * store->options.max_pending_events ||
        store->pending_bytes >= FACTS_FACTOR * store->options.max_pending_bytes)
        return STORE_FULL;
    struct job *job = job_new(JOB_PUT, 0);
    job->u.put = (struct job_put){
        .key = xstrdup(key),
        .value = value ? xmemdup0(value, len) : NULL,
        .len = value ? len : 0,
    };
    job->bytes += strlen(key) + job->u.put.len;
    gather(store, job);
    return STORE_OK;
}

static enum store_result gather_claim(struct store *store, enum job_type type, const char *name,
                                      const char *owner, uint64_t token)
{
    if (store->state == STORE_DEGRADED)
        return STORE_REFUSED;
    if (store->pending_others >= store->options.max_pending_events)
        return STORE_FULL;
    struct job *job = job_new(type, token);
    job->u.claim = (struct job_claim){.name = xstrdup(name), .owner = xstrdup(owner)};
    gather(store, job);
    return STORE_OK;
}

enum store_result store_claim(struct store *store, const char *name, const char *owner,
                              uint64_t token)
{
    return gather_claim(store, JOB_CLAIM, name, owner, token);
}

enum store_result store_release(struct store *store, const char *name, const char *owner,
                                uint64_t token)
{
    return gather_claim(store, JOB_RELEASE, name, owner, token);
}

void store_commit(struct store *store)
{
    if (!list_empty(&store->gathering))
        worker_commit(&store->worker, &store->gathering);
}

static bool reads_full(const struct store *store)
{
    return store->pending_reads >= store->options.max_pending_reads;
}

static enum store_result ask(struct store *store, struct job *job)
{
    store->used = true;
    store->pending_reads++;
    worker_ask(&store->worker, job);
    return STORE_OK;
}

static char *copied(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

static size_t page_limit(size_t limit)
{
    return limit < STORE_PAGE_MAX ? limit : STORE_PAGE_MAX;
}

enum store_result store_read(struct store *store, const struct store_query *query, uint64_t token)
{
    if (reads_full(store))
        return STORE_FULL;
    struct job *job = job_new(JOB_READ, token);
    struct store_query *own = &job->u.read.query;
    *own = *query;
    own->log = xstrdup(query->log);
    own->from.id = copied(query->from.id);
    own->to.id = copied(query->to.id);
    own->limit = page_limit(query->limit);
    return ask(store, job);
}

enum store_result store_search(struct store *store, const struct store_search *search,
                               uint64_t token)
{
    if (reads_full(store))
        return STORE_FULL;
    struct job *job = job_new(JOB_SEARCH, token);
    struct job_search *own = &job->u.search;
    own->log_count =
        search->log_count < STORE_SEARCH_LOGS_MAX ? search->log_count : STORE_SEARCH_LOGS_MAX;
    own->logs = xcalloc(own->log_count, sizeof *own->logs);
    for (size_t i = 0; i < own->log_count; i++)
        own->logs[i] = xstrdup(search->logs[i]);
    own->words = xstrdup(search->words);
    own->nick = copied(search->nick);
    own->after_ms = search->after_ms;
    own->before_ms = search->before_ms;
    own->limit = page_limit(search->limit);
    return ask(store, job);
}

enum store_result store_targets(struct store *store, const char *nick, int64_t after_ms,
                                int64_t before_ms, size_t limit, uint64_t token)
{
    if (reads_full(store))
        return STORE_FULL;
    struct job *job = job_new(JOB_TARGETS, token);
    job->u.targets = (struct job_targets){.nick = copied(nick),
                                          .after_ms = after_ms,
                                          .before_ms = before_ms,
                                          .limit = page_limit(limit)};
    return ask(store, job);
}

void store_keep(struct store *store, const struct store_keep *rules, size_t count)
{
    worker_keep(&store->worker, keep_new(rules, count));
}

void store_tick(struct store *store, int64_t now_ms)
{
    worker_tick(&store->worker, now_ms);
}

static void tell_append(const struct store_listener *to, const struct job *job)
{
    const struct event *event = &job->u.append.entry->event;
    /* What it repeats may be of the batch that failed. */
    if (job->result != STORE_OK) {
        if (to->failed)
            to->failed(to->ctx, event);
    } else if (job->u.append.first) {
        if (to->repeated)
            to->repeated(to->ctx, event, &job->u.append.first->event);
    } else if (to->tailed) {
        to->tailed(to->ctx, event);
    }
}

static void tell_page(const struct store_listener *to, const struct job *job,
                      const struct page *page)
{
    if (!to->page)
        return;
    struct event *events = xreallocarray(NULL, page->count, sizeof *events);
    size_t count = 0;
    LIST_FOR(link, &page->entries)
    events[count++] = list_entry(link, struct entry, in_line)->event;
    assert(count == page->count);
    to->page(to->ctx, job->token, job->result, events, count);
    free(events);
}

static void tell_state(struct store *store, const struct job_state *news)
{
    store->state = news->state;
    if (store->listener.state)
        store->listener.state(store->listener.ctx, news->state, news->reason);
}

static void tell(struct store *store, const struct job *job)
{
    const struct store_listener *to = &store->listener;
    if (job->reason && to->unread)
        to->unread(to->ctx, job->reason);
    switch (job->type) {
    case JOB_APPEND:
        tell_append(to, job);
        break;
    case JOB_PUT:
        if (to->kept)
            to->kept(to->ctx);
        break;
    case JOB_CLAIM:
    case JOB_RELEASE:
        if (to->claimed)
            to->claimed(to->ctx, job->token, job->result, job->u.claim.owner_now);
        break;
    case JOB_READ:
        tell_page(to, job, &job->u.read.page);
        break;
    case JOB_SEARCH:
        tell_page(to, job, &job->u.search.page);
        break;
    case JOB_TARGETS:
        if (to->targets)
            to->targets(to->ctx, job->token, job->result, job->u.targets.found,
                        job->u.targets.count);
        break;
    case JOB_STATE:
        tell_state(store, &job->u.state);
        break;
    }
}

static void count_done(struct store *store, const struct job *job)
{
    switch (job->type) {
    case JOB_APPEND:
        store->pending_events--;
        store->pending_bytes -= job->bytes;
        break;
    case JOB_PUT:
    case JOB_CLAIM:
    case JOB_RELEASE:
        store->pending_others--;
        store->pending_bytes -= job->bytes;
        break;
    case JOB_READ:
    case JOB_SEARCH:
    case JOB_TARGETS:
        store->pending_reads--;
        break;
    case JOB_STATE:
        break;
    }
}

size_t store_poll(struct store *store)
{
    struct list done;
    list_init(&done);
    if (store->options.in_poll)
        worker_run(&store->worker);
    worker_take_done(&store->worker, &done);
    size_t completed = 0;
    LIST_FOR(link, &done)
    {
        struct job *job = job_of(link);
        list_remove(link);
        completed += job->type != JOB_STATE;
        count_done(store, job);
        tell(store, job);
        job_free(job);
    }
    return completed;
}

size_t store_pending(const struct store *store)
{
    return store->pending_events;
}
