/* A hash table with open addressing. See table.h for the invariant. */
#include "common/table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

enum { FIRST_SLOTS = 8 };

static uint64_t rotate_left(uint64_t x, int bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_rounds(uint64_t v[4], int rounds)
{
    while (rounds--) {
        v[0] += v[1];
        v[1] = rotate_left(v[1], 13) ^ v[0];
        v[0] = rotate_left(v[0], 32);
        v[2] += v[3];
        v[3] = rotate_left(v[3], 16) ^ v[2];
        v[0] += v[3];
        v[3] = rotate_left(v[3], 21) ^ v[0];
        v[2] += v[1];
        v[1] = rotate_left(v[1], 17) ^ v[2];
        v[2] = rotate_left(v[2], 32);
    }
}

/* Eight bytes as a little-endian word, so that the hash is the same on every machine; in one load
 * where that is how the machine has them. */
static uint64_t load_whole(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

/* The same of fewer bytes. */
static uint64_t load_rest(const unsigned char *p, size_t len)
{
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++)
        word |= (uint64_t)p[i] << (8 * i);
    return word;
}

uint64_t table_siphash(uint64_t k0, uint64_t k1, const void *bytes, size_t len)
{
    uint64_t v[4] = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
                     k1 ^ 0x7465646279746573u};
    const unsigned char *p = bytes;
    size_t whole = len & ~(size_t)7;
    for (size_t i = 0; i <= whole; i += 8) {
        uint64_t word =
            i < whole ? load_whole(p + i) : (load_rest(p + i, len - whole) | (uint64_t)len << 56);
        v[3] ^= word;
        sip_rounds(v, 2);
        v[0] ^= word;
    }
    v[2] ^= 0xff;
    sip_rounds(v, 4);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void table_init(struct table *t, size_t max_items, uint64_t seed)
{
    *t = (struct table){.max_items = max_items, .seed = seed};
}

void table_release(struct table *t)
{
    free(t->slots);
    t->slots = NULL;
    t->n_slots = t->len = 0;
}

static uint32_t hash_key(const struct table *t, const void *key, size_t len)
{
    return (uint32_t)table_siphash(t->seed, ~t->seed, key, len);
}

/* The slot that holds the key, or the free one where it would go. Needs n_slots > 0. */
static size_t find_slot(const struct table *t, uint32_t hash, const void *key, size_t len)
{
    size_t mask = t->n_slots - 1;
    size_t i = hash & mask;
    for (; t->slots[i].key; i = (i + 1) & mask) {
        const struct table_slot *slot = &t->slots[i];
        if (slot->hash == hash && slot->key_len == len && !memcmp(slot->key, key, len))
            break;
    }
    return i;
}

/* Moves all items to `n_slots` new slots. */
static void resize(struct table *t, size_t n_slots)
{
    struct table_slot *old = t->slots;
    size_t n_old = t->n_slots;
    t->slots = xcalloc(n_slots, sizeof *t->slots);
    t->n_slots = n_slots;
    size_t mask = n_slots - 1;
    for (size_t i = 0; i < n_old; i++) {
        if (!old[i].key)
            continue;
        size_t to = old[i].hash & mask;
        while (t->slots[to].key)
            to = (to + 1) & mask;
        t->slots[to] = old[i];
    }
    free(old);
}

/* Sees to it that one more item fits; also shrinks, since removing must not move what is walked. */
static void make_room(struct table *t)
{
    size_t n_slots = t->n_slots ? t->n_slots : FIRST_SLOTS;
    while ((t->len + 1) * 4 > n_slots * 3)
        n_slots *= 2;
    while (n_slots > FIRST_SLOTS && (t->len + 1) * 8 < n_slots)
        n_slots /= 2;
    if (n_slots != t->n_slots)
        resize(t, n_slots);
}

void *table_get(const struct table *t, const void *key, size_t len)
{
    if (!t->len)
        return NULL;
    const struct table_slot *slot = &t->slots[find_slot(t, hash_key(t, key, len), key, len)];
    return slot->key ? slot->value : NULL;
}

bool table_put(struct table *t, const void *key, size_t len, void *value)
{
    assert(key && value && len <= UINT32_MAX);
    uint32_t hash = hash_key(t, key, len);
    struct table_slot item = {.key = key, .value = value, .key_len = (uint32_t)len, .hash = hash};
    if (t->len) {
        struct table_slot *slot = &t->slots[find_slot(t, hash, key, len)];
        if (slot->key) {
            *slot = item;
            return true;
        }
    }
    if (t->len >= t->max_items)
        return false;
    make_room(t);
    t->slots[find_slot(t, hash, key, len)] = item;
    t->len++;
    return true;
}

/* Closes the gap at `gap` by moving back those behind it that may not stand before their home. */
static void close_gap(struct table *t, size_t gap)
{
    size_t mask = t->n_slots - 1;
    for (size_t i = (gap + 1) & mask; t->slots[i].key; i = (i + 1) & mask) {
        size_t from_home = (i - t->slots[i].hash) & mask;
        size_t from_gap = (i - gap) & mask;
        if (from_home < from_gap)
            continue;
        t->slots[gap] = t->slots[i];
        gap = i;
    }
    t->slots[gap] = (struct table_slot){0};
}

void *table_remove(struct table *t, const void *key, size_t len)
{
    if (!t->len)
        return NULL;
    size_t at = find_slot(t, hash_key(t, key, len), key, len);
    if (!t->slots[at].key)
        return NULL;
    void *value = t->slots[at].value;
    close_gap(t, at);
    if (!--t->len)
        table_release(t);
    return value;
}

/*
 * Starts at a free slot, which no run of items crosses, and goes downwards: closing the gap of the
 * item just returned then moves only items that were returned before.
 */
void *table_next(const struct table *t, struct table_walk *walk)
{
    if (!t->len)
        return NULL;
    size_t mask = t->n_slots - 1;
    if (!walk->step) {
        walk->start = 0;
        while (t->slots[walk->start].key)
            walk->start++;
    }
    while (walk->step < mask) {
        const struct table_slot *slot = &t->slots[(walk->start - ++walk->step) & mask];
        if (slot->key)
            return slot->value;
    }
    return NULL;
}
