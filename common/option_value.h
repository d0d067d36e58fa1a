/*
 * One value of one option: its text read into the config struct, and written back.
 *
 * Knows the kinds of options.h, and nothing of flags, files or where a value came from.
 */
#ifndef SNUG_COMMON_OPTION_VALUE_H
#define SNUG_COMMON_OPTION_VALUE_H

#include <stdbool.h>

#include "common/options.h"

struct str;

/* Sets the value at `to`, of which nothing is read or freed, to nothing, zero or no. */
void option_value_clear(const struct option_row *row, void *to);

/* Frees what the value at `to` owns and clears it. */
void option_value_release(const struct option_row *row, void *to);

/*
 * Sets the value at `to` (NULL: only checks) from a text; OPTION_STRINGS adds to those it has. False,
 * `to` as before and the rest of a sentence ("wants ...") in `why`, if the text is not of the kind.
 */
bool option_value_read(const struct option_row *row, void *to, const char *text, struct str *why);

/* Appends the value at `from` as it would stand in a file (OPTION_STRINGS: separated by commas). */
void option_value_write(const struct option_row *row, const void *from, struct str *out);

#endif
