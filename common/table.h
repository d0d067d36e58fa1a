/*
 * A hash table from byte strings to pointers, with a maximum number of items.
 *
 * Invariant: open addressing with linear probing, at most three quarters full, no tombstones.
 * Keys and values are borrowed: a key usually lies in its value, and must stay as it is while it is
 * in the table. Hashing is SipHash-2-4 under a seed of the caller's, so that peers who choose names
 * cannot choose collisions. Memory is given back when the last item leaves.
 */
#ifndef SNUG_COMMON_TABLE_H
#define SNUG_COMMON_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct table_slot {
    const void *key; /* NULL = free */
    void *value;
    uint32_t key_len;
    uint32_t hash; /* its low half, which is enough for as many slots as there can be */
};

struct table {
    struct table_slot *slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t len;     /* items in use */
    size_t max_items;
    uint64_t seed;
};

/* Where a walk over the table stands; {0} is its beginning. */
struct table_walk {
    size_t start, step;
};

/* Makes an empty table for at most `max_items`; `seed` should be random. End with table_release. */
void table_init(struct table *t, size_t max_items, uint64_t seed);

/* Gives the table's own memory back (not keys and values); it is empty afterwards and usable. */
void table_release(struct table *t);

/* Returns the value stored under the key, or NULL. */
void *table_get(const struct table *t, const void *key, size_t len);

/*
 * Stores `value` (not NULL) under `key`, both borrowed until removed; a value already there is
 * replaced, with its key. False, and nothing changed, if the table is full.
 */
bool table_put(struct table *t, const void *key, size_t len, void *value);

/* Takes the key out and returns the value it had, or NULL if it was not there. */
void *table_remove(struct table *t, const void *key, size_t len);

/*
 * Returns the next value of a walk, in no useful order, or NULL at its end. During a walk the value
 * just returned may be removed; nothing else may be put or removed.
 */
void *table_next(const struct table *t, struct table_walk *walk);

/* SipHash-2-4 of `len` bytes under the 128-bit key k0, k1 (Aumasson and Bernstein, 2012). */
uint64_t table_siphash(uint64_t k0, uint64_t k1, const void *bytes, size_t len);

#endif
