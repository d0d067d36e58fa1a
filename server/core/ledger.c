#include "server/core/ledger.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/room.h"

void ledger_init(struct ledger *ledger, uint64_t seed)
{
    list_init(&ledger->spare);
    table_init(&ledger->kept, SIZE_MAX, seed); /* rooms have a limit, and the accounts of each */
}

void ledger_release(struct ledger *ledger)
{
    assert(list_empty(&ledger->spare) && ledger->kept.len == 0);
    table_release(&ledger->kept);
}

void ledger_keep(struct ledger *ledger, const char *key)
{
    struct kept *kept = table_get(&ledger->kept, key, strlen(key));
    if (kept == NULL) {
        kept = xcalloc(1, sizeof *kept);
        kept->key = xstrdup(key);
        table_put(&ledger->kept, kept->key, strlen(kept->key), kept);
    }
    kept->count++;
}

void ledger_lay_down(struct ledger *ledger, const char *key)
{
    struct kept *kept = table_get(&ledger->kept, key, strlen(key));
    assert(kept != NULL);
    if (--kept->count > 0)
        return;
    table_remove(&ledger->kept, kept->key, strlen(kept->key));
    free(kept->key);
    free(kept);
}

size_t ledger_kept(const struct ledger *ledger, const char *key)
{
    const struct kept *kept = table_get(&ledger->kept, key, strlen(key));
    return kept != NULL ? kept->count : 0;
}

static struct room *room_of(struct list *link)
{
    return list_entry(link, struct room, in_spare);
}

static int by_age(const void *a, const void *b)
{
    const struct room *left = *(struct room *const *)a, *right = *(struct room *const *)b;
    return (left->created_ms > right->created_ms) - (left->created_ms < right->created_ms);
}

void ledger_order(struct ledger *ledger)
{
    size_t count = 0;
    LIST_FOR(link, &ledger->spare)
    count++;
    struct room **rooms = xcalloc(count + 1, sizeof(struct room *));
    size_t at = 0;
    LIST_FOR(link, &ledger->spare)
    rooms[at++] = room_of(link);
    qsort(rooms, count, sizeof(struct room *), by_age);
    for (at = 0; at < count; at++) {
        list_remove(&rooms[at]->in_spare);
        list_add_tail(&ledger->spare, &rooms[at]->in_spare);
    }
    free(rooms);
}
