#include "tests/script/slow_store.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "common/list.h"
#include "server/store/entry.h"
#include "server/store/store_ops.h"

struct slow_store {
    struct store base;
    struct store *memory;
    struct list waiting;
    struct list failed;
    size_t waiting_count;
    bool holding;
};

static struct slow_store *slow(struct store *store)
{
    return (struct slow_store *)store;
}

static struct entry *take(struct list *list)
{
    struct entry *entry = list_entry(list_first(list), struct entry, in_line);
    list_remove(&entry->in_line);
    return entry;
}

static void slow_free(struct store *store)
{
    struct slow_store *self = slow(store);
    while (!list_empty(&self->waiting))
        free(take(&self->waiting));
    while (!list_empty(&self->failed))
        free(take(&self->failed));
    store_free(self->memory);
    free(self);
}

static enum store_result slow_append(struct store *store, const struct event *event)
{
    struct slow_store *self = slow(store);
    if (!self->holding)
        return store_append(self->memory, event);
    struct entry *entry = entry_new(event);
    list_add_tail(&self->waiting, &entry->in_line);
    self->waiting_count++;
    return STORE_OK;
}

static void slow_commit(struct store *store)
{
    store_commit(slow(store)->memory);
}

static size_t slow_poll(struct store *store)
{
    struct slow_store *self = slow(store);
    size_t count = 0;
    while (!list_empty(&self->failed)) {
        struct entry *entry = take(&self->failed);
        self->waiting_count--;
        self->base.listener.failed(self->base.listener.ctx, &entry->event);
        free(entry);
        count++;
    }
    return count + store_poll(self->memory);
}

static size_t slow_pending(const struct store *store)
{
    const struct slow_store *self = (const struct slow_store *)store;
    return self->waiting_count + store_pending(self->memory);
}

struct store *slow_store_new(const struct store_listener *listener)
{
    static const struct store_ops ops = {
        .free = slow_free,
        .append = slow_append,
        .commit = slow_commit,
        .poll = slow_poll,
        .pending = slow_pending,
    };
    struct slow_store *self = xcalloc(1, sizeof *self);
    self->base = (struct store){.ops = &ops, .listener = *listener};
    self->memory = store_memory_new(listener, 1000, 1);
    list_init(&self->waiting);
    list_init(&self->failed);
    return &self->base;
}

void slow_store_hold(struct store *store)
{
    slow(store)->holding = true;
}

void slow_store_release(struct store *store)
{
    struct slow_store *self = slow(store);
    self->holding = false;
    while (!list_empty(&self->waiting)) {
        struct entry *entry = take(&self->waiting);
        self->waiting_count--;
        store_append(self->memory, &entry->event);
        free(entry);
    }
    store_commit(self->memory);
}

void slow_store_fail(struct store *store)
{
    struct slow_store *self = slow(store);
    self->holding = false;
    list_move_all(&self->failed, &self->waiting);
}

void slow_store_set_up(struct store *store, bool up)
{
    const struct store_listener *listener = &store->listener;
    listener->state(listener->ctx, up ? STORE_UP : STORE_DEGRADED, up ? NULL : "no room");
}
