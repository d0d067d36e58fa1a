/*
 * A ring of items of one size, oldest first, with a maximum: a queue, or the last N of something.
 *
 * Invariant: len <= max_items. Memory grows in steps as items come, up to the maximum, and is given
 * back when a ring that has grown runs empty. Items are copied in and out as bytes; what they point
 * to is the caller's.
 */
#ifndef SNUG_COMMON_RING_H
#define SNUG_COMMON_RING_H

#include <stdbool.h>
#include <stddef.h>

struct ring {
    char *items;
    size_t item_size; /* bytes */
    size_t first;     /* slot of the oldest item */
    size_t len;       /* items in use */
    size_t n_slots;   /* items there is memory for */
    size_t max_items;
};

/* Makes an empty ring for at most `max_items` (not 0) of `item_size` bytes. End: ring_release. */
void ring_init(struct ring *r, size_t item_size, size_t max_items);

/* Gives the ring's own memory back; it is empty afterwards and usable. */
void ring_release(struct ring *r);

/* Says whether the next push would evict the oldest item. */
bool ring_full(const struct ring *r);

/*
 * Appends a copy of `item` at the end. A full ring evicts its oldest item first: that one is copied
 * to `evicted` (unless it is NULL) and true is returned; else false.
 */
bool ring_push(struct ring *r, const void *item, void *evicted);

/* Returns item `i`, 0 being the oldest; borrowed until the ring changes. `i` must be below len. */
void *ring_at(const struct ring *r, size_t i);

/* Moves the oldest item to `item` (unless it is NULL); false if there is none. */
bool ring_pop_front(struct ring *r, void *item);

/* Moves the newest item to `item` (unless it is NULL); false if there is none. */
bool ring_pop_back(struct ring *r, void *item);

#endif
