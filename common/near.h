/* Which known name a mistyped one was meant to be. Knows nothing of where the names come from. */
#ifndef SNUG_COMMON_NEAR_H
#define SNUG_COMMON_NEAR_H

#include <stddef.h>

/*
 * Returns how many single changes (a byte added, removed or replaced, or two swapped) lead from `a` to `b`,
 * case of ASCII letters not counted; names longer than 64 bytes are only equal or 64 apart.
 */
size_t near_distance(const char *a, const char *b);

/*
 * Returns the index of the nearest of `n` names to `name`, or -1 when none is near enough to be
 * meant. `name_at(names, i)` gives name `i`, NULL to leave it out. The first of equals wins.
 */
ptrdiff_t near_name(const char *name, const char *(*name_at)(const void *names, size_t i),
                    const void *names, size_t n);

#endif
