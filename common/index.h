/*
 * A hash index: things by a hash that the caller takes of them, several under one hash if need be.
 *
 * Invariant: open addressing with linear probing, at most three quarters full, no tombstones. It
 * knows neither keys nor what equal means: whoever looks something up compares what it finds under
 * the hash. So it needs twelve bytes a slot, where a table (table.h) needs twenty-four, and the
 * keys may move. Hashes should be ones that peers cannot choose. Memory is given back when the
 * last thing leaves.
 */
#ifndef SNUG_COMMON_INDEX_H
#define SNUG_COMMON_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/table.h"

/* All zero: empty. */
struct index {
    void **values;    /* NULL = free */
    uint32_t *hashes; /* of the values; in the same block, behind them */
    size_t n_slots;   /* a power of two, or 0 */
    size_t len;       /* things in it */
};

/* Gives the index's own memory back; it is empty afterwards and usable. */
void index_release(struct index *index);

/* Adds a borrowed thing (not NULL), which must not be there yet. */
void index_put(struct index *index, uint32_t hash, void *value);

/* Takes it out; false if it was not there. */
bool index_remove(struct index *index, uint32_t hash, const void *value);

/* The next thing under that hash: begin with *probe = 0; NULL when there is none left. */
void *index_find(const struct index *index, uint32_t hash, size_t *probe);

/* The next of a walk over all, as table_next(): the one just returned may be removed. */
void *index_next(const struct index *index, struct table_walk *walk);

#endif
