#include "server/account/slow.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct debtor {
    struct list order;
    int64_t settled_ms; /* when all is forgotten */
    char *key;
};

void slow_init(struct slow *slow, unsigned allowed, int64_t step_ms, uint64_t seed)
{
    slow->step_ms = step_ms;
    slow->allowed = allowed;
    table_init(&slow->table, SLOW_MAX, seed);
    list_init(&slow->order);
}

static void forget(struct slow *slow, struct debtor *debtor)
{
    table_remove(&slow->table, debtor->key, strlen(debtor->key));
    list_remove(&debtor->order);
    free(debtor->key);
    free(debtor);
}

void slow_release(struct slow *slow)
{
    while (!list_empty(&slow->order))
        forget(slow, list_entry(list_first(&slow->order), struct debtor, order));
    table_release(&slow->table);
}

int64_t slow_wait_ms(const struct slow *slow, const char *key, int64_t now_ms)
{
    const struct debtor *debtor = table_get(&slow->table, key, strlen(key));
    int64_t spared_ms = ((int64_t)slow->allowed - 1) * slow->step_ms;
    int64_t wait_ms = debtor ? debtor->settled_ms - now_ms - spared_ms : 0;
    return wait_ms > 0 ? wait_ms : 0;
}

void slow_add(struct slow *slow, const char *key, int64_t now_ms)
{
    size_t len = strlen(key);
    struct debtor *debtor = table_get(&slow->table, key, len);
    if (!debtor) {
        if (slow->table.len >= SLOW_MAX)
            forget(slow, list_entry(list_first(&slow->order), struct debtor, order));
        debtor = xcalloc(1, sizeof *debtor);
        debtor->key = xstrdup(key);
        table_put(&slow->table, debtor->key, len, debtor);
    } else {
        list_remove(&debtor->order);
    }
    list_add_tail(&slow->order, &debtor->order);
    if (debtor->settled_ms < now_ms)
        debtor->settled_ms = now_ms;
    debtor->settled_ms += slow->step_ms;
}
