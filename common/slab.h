/*
 * Things of one size, many of them, packed into pages.
 *
 * A page is 16 KB and belongs to one slab. New things go to the oldest page with room, and a page with
 * nothing left in it is freed whole, so that the system can have it back. From malloc each thing would
 * cost some ten bytes more, and one that stays could keep a page that a thousand others have left.
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

/* Gives one back to the slab that it came from; does nothing for NULL. */
void slab_free(void *item);

#endif
