/* A few globs, for names to ignore and words to notice. '*' is any text, '?' any code point.
 *
 * Bounded: PATTERNS_MAX of PATTERN_MAX_BYTES; matching is folded, and its time is bounded by the
 * product of both lengths. */
#ifndef SNUG_CLIENT_MODEL_PATTERNS_H
#define SNUG_CLIENT_MODEL_PATTERNS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PATTERNS_MAX = 60,
    PATTERN_MAX_BYTES = 64,
};

struct str;

struct patterns {
    char **list; /* in the order they were added */
    size_t count;
};

/* Zeroed patterns are empty; release frees them and leaves them so. */
void patterns_release(struct patterns *patterns);

/* Adds a copy, unless it is there in any spelling. False: too long, empty, or too many. */
bool patterns_add(struct patterns *patterns, const char *pattern);

/* False: it was not there. */
bool patterns_remove(struct patterns *patterns, const char *pattern);

/* Whether one of them is the whole text, folded. */
bool patterns_match(const struct patterns *patterns, const char *text);

/* Whether the glob is the whole text of that length; both are folded already. */
bool pattern_is(const char *glob, const char *text, size_t len);

#endif
