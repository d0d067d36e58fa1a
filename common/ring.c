/* A bounded ring of items of one size. See ring.h for the invariant. */
#include "common/ring.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* A ring of at most this many slots keeps them when it runs empty. */
enum { FIRST_SLOTS = 8 };

void ring_init(struct ring *r, size_t item_size, size_t max_items)
{
    assert(item_size && max_items);
    *r = (struct ring){.item_size = item_size, .max_items = max_items};
}

void ring_release(struct ring *r)
{
    free(r->items);
    r->items = NULL;
    r->first = r->len = r->n_slots = 0;
}

bool ring_full(const struct ring *r)
{
    return r->len == r->max_items;
}

void *ring_at(const struct ring *r, size_t i)
{
    assert(i < r->len);
    return r->items + (r->first + i) % r->n_slots * r->item_size;
}

static void grow(struct ring *r)
{
    size_t n_slots = r->n_slots ? r->n_slots * 2 : FIRST_SLOTS;
    if (n_slots > r->max_items)
        n_slots = r->max_items;
    char *items = xreallocarray(NULL, n_slots, r->item_size);
    for (size_t i = 0; i < r->len; i++)
        memcpy(items + i * r->item_size, ring_at(r, i), r->item_size);
    free(r->items);
    r->items = items;
    r->first = 0;
    r->n_slots = n_slots;
}

bool ring_push(struct ring *r, const void *item, void *evicted)
{
    bool evicts = ring_full(r);
    if (evicts)
        ring_pop_front(r, evicted);
    if (r->len == r->n_slots)
        grow(r);
    r->len++;
    memcpy(ring_at(r, r->len - 1), item, r->item_size);
    return evicts;
}

static void popped(struct ring *r)
{
    if (--r->len)
        return;
    r->first = 0;
    if (r->n_slots > FIRST_SLOTS)
        ring_release(r);
}

bool ring_pop_front(struct ring *r, void *item)
{
    if (!r->len)
        return false;
    if (item)
        memcpy(item, ring_at(r, 0), r->item_size);
    r->first = (r->first + 1) % r->n_slots;
    popped(r);
    return true;
}

bool ring_pop_back(struct ring *r, void *item)
{
    if (!r->len)
        return false;
    if (item)
        memcpy(item, ring_at(r, r->len - 1), r->item_size);
    popped(r);
    return true;
}
