/*
 * Wildcards: '*' stands for any characters, '?' for one, '\' takes a following wildcard for itself.
 */
#ifndef SNUG_COMMON_GLOB_H
#define SNUG_COMMON_GLOB_H

#include <stdbool.h>

/*
 * Says whether `text` fits `mask`; ASCII case does not matter. Takes at most len(mask) * len(text)
 * steps, whatever the mask, and no memory.
 */
bool glob_match(const char *mask, const char *text);

#endif
