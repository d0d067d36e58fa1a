/*
 * Things of one size, many of them, packed into pages.
 *
 * A page is 16 KB and belongs to one slab. New things go to the oldest page with room, and a
 * page of which nothing is left goes back whole, so that it can become the system's again: of things
 * from malloc each owes some ten bytes more, and one that stays keeps a page that a thousand have left.
 * Nothing moves. With AddressSanitizer each thing has a block of its own, for it to watch.
 */
#ifndef SNUG_COMMON_SLAB_H
#define SNUG_COMMON_SLAB_H

#include <stddef.h>

#include "common/list.h"

struct slab {
    struct list roomy; /* pages with room for one more */
    size_t item_bytes; /* of each, a multiple of a pointer's */
    size_t pages;      /* in use */
};

enum { SLAB_ITEM_MAX_BYTES = 1024 };

/* For things of `item_bytes`, at most SLAB_ITEM_MAX_BYTES. Owns nothing while there are none. */
void slab_init(struct slab *slab, size_t item_bytes);

/* A zeroed one. To be ended with slab_free, before the slab itself is gone. */
void *slab_new(struct slab *slab);

/* Gives one back to the slab that it is of; NULL is nothing to do. */
void slab_free(void *item);

#endif
