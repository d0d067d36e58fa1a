/* A hash index. See index.h for the invariant. */
#include "common/index.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"

enum { FIRST_SLOTS = 8 };

void index_release(struct index *index)
{
    free(index->values);
    *index = (struct index){0};
}

/* The first free slot for that hash. */
static size_t free_slot(const struct index *index, uint32_t hash)
{
    size_t mask = index->n_slots - 1;
    size_t at = hash & mask;
    while (index->values[at])
        at = (at + 1) & mask;
    return at;
}

static void add(struct index *index, uint32_t hash, void *value)
{
    size_t at = free_slot(index, hash);
    index->values[at] = value;
    index->hashes[at] = hash;
}

static void resize(struct index *index, size_t n_slots)
{
    struct index old = *index;
    index->values = xcalloc(n_slots, sizeof *index->values + sizeof *index->hashes);
    index->hashes = (uint32_t *)(index->values + n_slots);
    index->n_slots = n_slots;
    for (size_t i = 0; i < old.n_slots; i++) {
        if (old.values[i])
            add(index, old.hashes[i], old.values[i]);
    }
    free(old.values);
}

/* Also shrinks, since removing must not move what is walked. */
void index_put(struct index *index, uint32_t hash, void *value)
{
    assert(value);
    size_t n_slots = index->n_slots ? index->n_slots : FIRST_SLOTS;
    if ((index->len + 1) * 4 > n_slots * 3)
        n_slots *= 2;
    while (n_slots > FIRST_SLOTS && (index->len + 1) * 8 < n_slots)
        n_slots /= 2;
    if (n_slots != index->n_slots)
        resize(index, n_slots);
    add(index, hash, value);
    index->len++;
}

/* Closes the gap by moving back those behind it that may not stand before their home. */
static void close_gap(struct index *index, size_t gap)
{
    size_t mask = index->n_slots - 1;
    for (size_t i = (gap + 1) & mask; index->values[i]; i = (i + 1) & mask) {
        size_t from_home = (i - index->hashes[i]) & mask;
        if (from_home < ((i - gap) & mask))
            continue;
        index->values[gap] = index->values[i];
        index->hashes[gap] = index->hashes[i];
        gap = i;
    }
    index->values[gap] = NULL;
}

void *index_find(const struct index *index, uint32_t hash, size_t *probe)
{
    if (!index->len)
        return NULL;
    size_t mask = index->n_slots - 1;
    for (;;) {
        size_t at = (hash + (*probe)++) & mask;
        if (!index->values[at])
            return NULL;
        if (index->hashes[at] == hash)
            return index->values[at];
    }
}

bool index_remove(struct index *index, uint32_t hash, const void *value)
{
    size_t probe = 0;
    const void *found;
    do {
        found = index_find(index, hash, &probe);
    } while (found && found != value);
    if (!found)
        return false;
    close_gap(index, (hash + probe - 1) & (index->n_slots - 1));
    if (!--index->len)
        index_release(index);
    return true;
}

/* Starts at a free slot, which no run crosses, and goes downwards: closing the gap of the one just
 * returned moves only those that were returned before. */
void *index_next(const struct index *index, struct table_walk *walk)
{
    if (!index->len)
        return NULL;
    size_t mask = index->n_slots - 1;
    if (!walk->step) {
        walk->start = 0;
        while (index->values[walk->start])
            walk->start++;
    }
    while (walk->step < mask) {
        void *value = index->values[(walk->start - ++walk->step) & mask];
        if (value)
            return value;
    }
    return NULL;
}
