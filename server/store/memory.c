/* The engine in memory: it can always write.
 *
 * It keeps the newest events of each log, and of all logs together not more than
 * KEPT_MAX_BYTES: the oldest are forgotten first, with their clients' ids. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/store/memory.h"

enum {
    KEPT_MAX_BYTES = 64 * 1024 * 1024,
    LOGS_MAX = 65536, /* the one that has been quiet for longest makes room for a further one */
    CLIENT_KEY_MAX_BYTES = 4096,
};

/* The entry with this event's client id, or the slot to put it; NULL if the event has none. */
static struct sent *find_sent(struct memory *memory, const struct event *event)
{
    if (!entry_client_key(event, &memory->scratch))
        return NULL;
    return table_get(&memory->sent, memory->scratch.data, memory->scratch.len);
}

static void forget_sent(struct memory *memory, const struct entry *entry)
{
    struct sent *sent = find_sent(memory, &entry->event);
    if (!sent || sent->entry != entry)
        return;
    table_remove(&memory->sent, sent->key, sent->len);
    free(sent);
}

static void remember_sent(struct memory *memory, struct entry *entry)
{
    struct sent *old = find_sent(memory, &entry->event);
    if (old)
        old->entry = entry; /* it was sent too long ago to count */
    if (old || !entry->event.client_id)
        return;
    const struct str *key = &memory->scratch;
    struct sent *sent = xmalloc(sizeof *sent + key->len);
    *sent = (struct sent){.entry = entry, .len = key->len};
    memcpy(sent->key, key->data, key->len);
    table_put(&memory->sent, sent->key, sent->len, sent);
}

/* Forgets the oldest entry of a log. */
static void forget_oldest(struct memory *memory, struct log_record *log)
{
    struct entry *entry = list_entry(list_first(&log->entries), struct entry, in_log);
    forget_sent(memory, entry);
    table_remove(&log->by_id, entry->event.id, strlen(entry->event.id));
    list_remove(&entry->in_log);
    list_remove(&entry->in_line);
    log->entry_count--;
    memory->kept_bytes -= entry->bytes;
    free(entry);
}

static void free_log(struct memory *memory, struct log_record *log)
{
    while (log->entry_count > 0)
        forget_oldest(memory, log);
    table_release(&log->by_id);
    table_remove(&memory->by_name, log->name, strlen(log->name));
    list_remove(&log->in_line);
    free(log);
}

static struct log_record *new_log(struct memory *memory, const char *name)
{
    if (memory->by_name.len == LOGS_MAX)
        free_log(memory, list_entry(list_first(&memory->logs), struct log_record, in_line));
    size_t len = strlen(name);
    struct log_record *log = xcalloc(1, sizeof *log + len + 1);
    memcpy(log->name, name, len);
    list_init(&log->in_line);
    list_init(&log->entries);
    table_init(&log->by_id, SIZE_MAX, memory->seed);
    table_put(&memory->by_name, log->name, len, log);
    return log;
}

static void redact(struct log_record *log, const char *id)
{
    struct entry *entry = id ? table_get(&log->by_id, id, strlen(id)) : NULL;
    if (!entry || entry->event.type != EVENT_SPEECH)
        return;
    entry->event.text = NULL;
    entry->event.tags = NULL;
    entry->event.joints = NULL;
    entry->event.redacted = true;
}

/* Forgets what is above the limits. */
static void trim(struct memory *memory, struct log_record *log)
{
    while (log->entry_count > memory->max_events)
        forget_oldest(memory, log);
    while (memory->kept_bytes > KEPT_MAX_BYTES) {
        struct entry *oldest = list_entry(list_first(&memory->kept), struct entry, in_line);
        forget_oldest(memory, memory_find_log(memory, oldest->event.log));
    }
}

/* Keeps a copy as the newest of its log. */
static void keep(struct memory *memory, struct log_record *log, struct event *event)
{
    list_remove(&log->in_line);
    list_add_tail(&memory->logs, &log->in_line);
    event->position = ++log->position;
    if (event->time_ms < log->time_ms)
        event->time_ms = log->time_ms;
    log->time_ms = event->time_ms;
    if (event->type == EVENT_SPEECH)
        log->spoken_ms = event->time_ms;
    struct entry *entry = entry_new(event);
    table_put(&log->by_id, entry->event.id, strlen(entry->event.id), entry);
    remember_sent(memory, entry);
    list_add_tail(&log->entries, &entry->in_log);
    list_add_tail(&memory->kept, &entry->in_line);
    log->entry_count++;
    memory->kept_bytes += entry->bytes;
}

/* The entry that the event repeats, or NULL. */
static const struct entry *find_first(struct memory *memory, const struct log_record *log,
                                      const struct event *event)
{
    const struct entry *same = table_get(&log->by_id, event->id, strlen(event->id));
    if (same)
        return same;
    const struct sent *sent = find_sent(memory, event);
    return sent && !entry_is_outdated(&sent->entry->event, event->time_ms) ? sent->entry : NULL;
}

static void write_event(struct memory *memory, struct job *job)
{
    struct event *event = &job->u.append.entry->event;
    struct log_record *log = memory_find_log(memory, event->log);
    if (!log)
        log = new_log(memory, event->log);
    const struct entry *first = find_first(memory, log, event);
    if (first) {
        job->u.append.first = entry_new(&first->event);
        return;
    }
    keep(memory, log, event);
    if (event->type == EVENT_REDACT)
        redact(log, event->object);
    trim(memory, log);
}

static bool memory_write(struct engine *engine, struct list *jobs, struct str *reason)
{
    struct memory *memory = memory_of(engine);
    (void)reason;
    LIST_FOR(link, jobs)
    {
        struct job *job = job_of(link);
        job->result = STORE_OK;
        if (job->type == JOB_APPEND)
            write_event(memory, job);
        else if (job->type == JOB_PUT)
            memory_put(memory, job);
        else
            memory_claim(memory, job);
    }
    return true;
}

static void memory_published(struct engine *engine)
{
    (void)engine;
}

static void memory_keep(struct engine *engine, struct keep *keep)
{
    (void)engine;
    keep_free(keep);
}

static bool memory_maintain(struct engine *engine, int64_t now_ms)
{
    (void)engine;
    (void)now_ms;
    return false;
}

static size_t memory_backlog(const struct engine *engine)
{
    (void)engine;
    return 0;
}

static void memory_free(struct engine *engine)
{
    struct memory *memory = memory_of(engine);
    while (!list_empty(&memory->logs))
        free_log(memory, list_entry(list_first(&memory->logs), struct log_record, in_line));
    memory_free_facts(memory);
    table_release(&memory->by_name);
    table_release(&memory->sent);
    str_release(&memory->scratch);
    free(memory);
}

static const struct engine_ops memory_ops = {
    .free = memory_free,
    .write = memory_write,
    .published = memory_published,
    .answer = memory_answer,
    .keep = memory_keep,
    .maintain = memory_maintain,
    .backlog = memory_backlog,
    .each_fact = memory_each_fact,
};

struct engine *engine_memory_new(size_t max_events, uint64_t seed)
{
    struct memory *memory = xcalloc(1, sizeof *memory);
    memory->engine.ops = &memory_ops;
    memory->seed = seed;
    memory->max_events = max_events;
    list_init(&memory->kept);
    list_init(&memory->logs);
    table_init(&memory->by_name, LOGS_MAX, seed);
    table_init(&memory->sent, SIZE_MAX, seed);
    table_init(&memory->facts, SIZE_MAX, seed);
    table_init(&memory->owners, SIZE_MAX, seed);
    str_init(&memory->scratch, CLIENT_KEY_MAX_BYTES);
    return &memory->engine;
}
