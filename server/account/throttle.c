#include "server/account/throttle.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct throttled {
    struct list order;
    int64_t settled_ms; /* when all is forgotten */
    char *key;
};

void throttle_init(struct throttle *throttle, unsigned allowed, int64_t step_ms, uint64_t seed)
{
    throttle->step_ms = step_ms;
    throttle->allowed = allowed;
    table_init(&throttle->table, THROTTLE_MAX, seed);
    list_init(&throttle->order);
}

static void forget(struct throttle *throttle, struct throttled *one)
{
    table_remove(&throttle->table, one->key, strlen(one->key));
    list_remove(&one->order);
    free(one->key);
    free(one);
}

void throttle_release(struct throttle *throttle)
{
    while (!list_empty(&throttle->order))
        forget(throttle, list_entry(list_first(&throttle->order), struct throttled, order));
    table_release(&throttle->table);
}

int64_t throttle_wait_ms(const struct throttle *throttle, const char *key, int64_t now_ms)
{
    const struct throttled *one = table_get(&throttle->table, key, strlen(key));
    int64_t spared_ms = ((int64_t)throttle->allowed - 1) * throttle->step_ms;
    int64_t wait_ms = one ? one->settled_ms - now_ms - spared_ms : 0;
    return wait_ms > 0 ? wait_ms : 0;
}

void throttle_add(struct throttle *throttle, const char *key, int64_t now_ms)
{
    size_t len = strlen(key);
    struct throttled *one = table_get(&throttle->table, key, len);
    if (!one) {
        if (throttle->table.len >= THROTTLE_MAX)
            forget(throttle, list_entry(list_first(&throttle->order), struct throttled, order));
        one = xcalloc(1, sizeof *one);
        one->key = xstrdup(key);
        table_put(&throttle->table, one->key, len, one);
    } else {
        list_remove(&one->order);
    }
    list_add_tail(&throttle->order, &one->order);
    if (one->settled_ms < now_ms)
        one->settled_ms = now_ms;
    one->settled_ms += throttle->step_ms;
}
