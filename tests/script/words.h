/* The words of a transcript: escapes, patterns, and one word after the other. Knows no house. */
#ifndef SNUG_TESTS_SCRIPT_WORDS_H
#define SNUG_TESTS_SCRIPT_WORDS_H

#include <stdbool.h>

struct str;

/* Sets `out` to the text with \r \n \0 \xHH and {N*c} undone. */
void words_unescape(struct str *out, const char *text);

/* Whether the line is as the pattern says; '*' stands for anything, also for itself. */
bool words_match(const char *pattern, const char *line);

/* Whether the text begins with a word; moves behind it and the spaces that follow. */
bool words_eat(const char **text, const char *word);

#endif
