/* The words of a text, as a search compares them: without case, accents and punctuation.
 *
 * They are those of SQLite's tokenizer unicode61 with remove_diacritics 2 (sqlite.org/fts5.html, 4.3.1):
 * runs of letters and digits, a Latin letter with an accent being the same as without. */
#ifndef SNUG_COMMON_WORDS_H
#define SNUG_COMMON_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Appends the words of a text, with a blank in front of each and, if there is any, one behind the last:
 * so " one two " is found in what has these words one after the other. False if they do not fit. */
bool words_add(struct str *out, const char *text, size_t len);

#endif
