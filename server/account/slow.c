#include "server/account/slow.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct failed {
    struct list order;
    int64_t settled_ms; /* when its failures are all forgotten */
    char *key;
};

void slow_init(struct slow *slow, uint64_t seed)
{
    table_init(&slow->table, SLOW_MAX, seed);
    list_init(&slow->order);
}

static void forget(struct slow *slow, struct failed *failed)
{
    table_remove(&slow->table, failed->key, strlen(failed->key));
    list_remove(&failed->order);
    free(failed->key);
    free(failed);
}

void slow_release(struct slow *slow)
{
    while (!list_empty(&slow->order))
        forget(slow, list_entry(list_first(&slow->order), struct failed, order));
    table_release(&slow->table);
}

int64_t slow_wait_ms(const struct slow *slow, const char *key, int64_t now_ms)
{
    const struct failed *failed = table_get(&slow->table, key, strlen(key));
    int64_t wait_ms = failed ? failed->settled_ms - now_ms - (SLOW_FREE - 1) * SLOW_STEP_MS : 0;
    return wait_ms > 0 ? wait_ms : 0;
}

void slow_fail(struct slow *slow, const char *key, int64_t now_ms)
{
    size_t len = strlen(key);
    struct failed *failed = table_get(&slow->table, key, len);
    if (!failed) {
        if (slow->table.len >= SLOW_MAX)
            forget(slow, list_entry(list_first(&slow->order), struct failed, order));
        failed = xcalloc(1, sizeof *failed);
        failed->key = xstrdup(key);
        table_put(&slow->table, failed->key, len, failed);
    } else {
        list_remove(&failed->order);
    }
    list_add_tail(&slow->order, &failed->order);
    if (failed->settled_ms < now_ms)
        failed->settled_ms = now_ms;
    failed->settled_ms += SLOW_STEP_MS;
}
