/* Short texts that belong together, in one block of memory.
 *
 * Of a hundred bytes that somebody is known by, half would be the allocator's if each name had a
 * block of its own. A text that is the same as the one before it lies in its place. */
#ifndef SNUG_SERVER_CORE_TEXTS_H
#define SNUG_SERVER_CORE_TEXTS_H

#include <stddef.h>

/* Copies all that are not NULL into one block, and lets `texts` point there; they may come from
 * anywhere. Returns the block, to be freed; NULL when there is none of them. */
char *texts_pack(const char **texts, size_t count);

#endif
