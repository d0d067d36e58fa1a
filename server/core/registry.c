#include "server/core/registry.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/core/session.h"

enum {
    FIRST_SLOTS = 64,
};

/* Fibonacci hashing (Knuth, The Art of Computer Programming, 6.4). */
static size_t home(const struct registry *registry, uint64_t id)
{
    return (size_t)(id * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (registry->n_slots - 1);
}

/* The slot of that id, or the free one where it would go. Needs slots. */
static size_t find(const struct registry *registry, uint64_t id)
{
    size_t at = home(registry, id);
    while (registry->slots[at] != NULL && registry->slots[at]->id != id)
        at = (at + 1) & (registry->n_slots - 1);
    return at;
}

static void resize(struct registry *registry, size_t n_slots)
{
    struct registry old = *registry;
    registry->slots = xcalloc(n_slots, sizeof(struct connection *));
    registry->n_slots = n_slots;
    for (size_t i = 0; i < old.n_slots; i++) {
        if (old.slots[i] != NULL)
            registry->slots[find(registry, old.slots[i]->id)] = old.slots[i];
    }
    free(old.slots);
}

void registry_release(struct registry *registry)
{
    free(registry->slots);
    *registry = (struct registry){0};
}

struct connection *registry_get(const struct registry *registry, uint64_t id)
{
    return registry->n_slots == 0 ? NULL : registry->slots[find(registry, id)];
}

/* Also shrinks, since removing must not move what is walked. */
void registry_put(struct registry *registry, struct connection *connection)
{
    size_t n_slots = registry->n_slots == 0 ? FIRST_SLOTS : registry->n_slots;
    if ((registry->len + 1) * 4 > n_slots * 3)
        n_slots *= 2;
    else if (n_slots > FIRST_SLOTS && (registry->len + 1) * 8 < n_slots)
        n_slots /= 2;
    if (n_slots != registry->n_slots)
        resize(registry, n_slots);
    size_t at = find(registry, connection->id);
    assert(registry->slots[at] == NULL);
    registry->slots[at] = connection;
    registry->len++;
}

void registry_remove(struct registry *registry, uint64_t id)
{
    if (registry_get(registry, id) == NULL)
        return;
    size_t mask = registry->n_slots - 1;
    size_t gap = find(registry, id);
    /* The gap is closed by moving back those behind it that may not stand before their home. */
    for (size_t i = (gap + 1) & mask; registry->slots[i] != NULL; i = (i + 1) & mask) {
        size_t from_home = (i - home(registry, registry->slots[i]->id)) & mask;
        if (from_home < ((i - gap) & mask))
            continue;
        registry->slots[gap] = registry->slots[i];
        gap = i;
    }
    registry->slots[gap] = NULL;
    if (--registry->len == 0)
        registry_release(registry);
}

/* Starts at a free slot and goes downwards: closing the gap of the one just returned moves only those
 * that were returned before. */
struct connection *registry_next(const struct registry *registry, struct table_walk *walk)
{
    if (registry->len == 0)
        return NULL;
    size_t mask = registry->n_slots - 1;
    if (walk->step == 0) {
        walk->start = 0;
        while (registry->slots[walk->start] != NULL)
            walk->start++;
    }
    while (walk->step < mask) {
        struct connection *connection = registry->slots[(walk->start - ++walk->step) & mask];
        if (connection != NULL)
            return connection;
    }
    return NULL;
}
