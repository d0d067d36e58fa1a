/* The store in memory: completes every batch as soon as it is polled.
 *
 * It keeps the newest events of each log, and of all logs together not more than
 * KEPT_MAX_BYTES: the oldest are forgotten first. Whoever commits polls, so it wakes
 * nobody. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/list.h"
#include "common/table.h"
#include "server/store/entry.h"
#include "server/store/store_ops.h"

enum {
    PENDING_MAX_EVENTS = 65536,         /* STORE_FULL */
    KEPT_MAX_BYTES = 64 * 1024 * 1024,
    LOGS_MAX = 65536, /* the one that has been quiet for longest makes room for a further one */
};

/* What is kept of one log. */
struct log_record {
    struct list in_line; /* in memory.logs */
    struct list entries; /* oldest first */
    size_t entry_count;
    struct table by_id;
    uint64_t position; /* of the newest event */
    char name[];
};

struct memory {
    struct store store;
    uint64_t seed;
    size_t max_events;
    bool announced;        /* that it is up */
    struct list gathering; /* appended */
    struct list committed; /* and handed over, not yet completed */
    size_t pending_count;  /* in both */
    struct list kept;      /* all entries of all logs, oldest first */
    size_t kept_bytes;
    struct list logs;      /* that were written to longest ago first */
    struct table by_name;
};

static struct memory *memory_of(struct store *store)
{
    return (struct memory *)store;
}

static struct log_record *find_log(const struct memory *memory, const char *name)
{
    return table_get(&memory->by_name, name, strlen(name));
}

/* Forgets the oldest entry of a log. */
static void forget_oldest(struct memory *memory, struct log_record *log)
{
    struct entry *entry = list_entry(list_first(&log->entries), struct entry, in_log);
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

/* Keeps an entry as the newest of its log, unless the log has its id; false then. */
static bool write_entry(struct memory *memory, struct entry *entry)
{
    struct event *event = &entry->event;
    struct log_record *log = find_log(memory, event->log);
    if (!log)
        log = new_log(memory, event->log);
    if (table_get(&log->by_id, event->id, strlen(event->id)))
        return false;
    list_remove(&log->in_line);
    list_add_tail(&memory->logs, &log->in_line);
    event->position = ++log->position;
    table_put(&log->by_id, event->id, strlen(event->id), entry);
    list_add_tail(&log->entries, &entry->in_log);
    list_add_tail(&memory->kept, &entry->in_line);
    log->entry_count++;
    memory->kept_bytes += entry->bytes;
    return true;
}

/* Forgets what is above the limits. */
static void trim(struct memory *memory, const char *log_name)
{
    struct log_record *log = find_log(memory, log_name);
    while (log->entry_count > memory->max_events)
        forget_oldest(memory, log);
    while (memory->kept_bytes > KEPT_MAX_BYTES) {
        struct entry *oldest = list_entry(list_first(&memory->kept), struct entry, in_line);
        forget_oldest(memory, find_log(memory, oldest->event.log));
    }
}

static void free_entries(struct list *entries)
{
    LIST_FOR (link, entries)
        free(list_entry(link, struct entry, in_line));
}

static void memory_free(struct store *store)
{
    struct memory *memory = memory_of(store);
    free_entries(&memory->gathering);
    free_entries(&memory->committed);
    while (!list_empty(&memory->logs))
        free_log(memory, list_entry(list_first(&memory->logs), struct log_record, in_line));
    table_release(&memory->by_name);
    free(memory);
}

static enum store_result memory_append(struct store *store, const struct event *event)
{
    struct memory *memory = memory_of(store);
    assert(event->log && event->id[0] != '\0');
    if (memory->pending_count == PENDING_MAX_EVENTS)
        return STORE_FULL;
    list_add_tail(&memory->gathering, &entry_new(event)->in_line);
    memory->pending_count++;
    return STORE_OK;
}

static void memory_commit(struct store *store)
{
    struct memory *memory = memory_of(store);
    list_move_all(&memory->committed, &memory->gathering);
}

static size_t memory_poll(struct store *store)
{
    struct memory *memory = memory_of(store);
    const struct store_listener *listener = &store->listener;
    if (!memory->announced) {
        memory->announced = true;
        listener->state(listener->ctx, STORE_UP, NULL);
    }
    size_t completed = 0;
    while (!list_empty(&memory->committed)) {
        struct entry *entry = list_entry(list_first(&memory->committed), struct entry, in_line);
        list_remove(&entry->in_line);
        memory->pending_count--;
        completed++;
        if (!write_entry(memory, entry)) {
            free(entry);
            continue;
        }
        listener->tailed(listener->ctx, &entry->event);
        trim(memory, entry->event.log);
    }
    return completed;
}

static size_t memory_pending(const struct store *store)
{
    return ((const struct memory *)store)->pending_count;
}

static const struct store_ops memory_ops = {
    .free = memory_free,
    .append = memory_append,
    .commit = memory_commit,
    .poll = memory_poll,
    .pending = memory_pending,
};

struct store *store_memory_new(const struct store_listener *listener, size_t max_events,
                               uint64_t seed)
{
    struct memory *memory = xcalloc(1, sizeof *memory);
    memory->store = (struct store){.ops = &memory_ops, .listener = *listener};
    memory->seed = seed;
    memory->max_events = max_events;
    list_init(&memory->gathering);
    list_init(&memory->committed);
    list_init(&memory->kept);
    list_init(&memory->logs);
    table_init(&memory->by_name, LOGS_MAX, seed);
    return &memory->store;
}
