/* Whether a text speaks to somebody: has the nick in it, as a word, in any spelling. */
#ifndef SNUG_CLIENT_MODEL_MENTION_H
#define SNUG_CLIENT_MODEL_MENTION_H

#include "client/model/patterns.h"

#include <stdbool.h>

bool mention_in(const char *text, const char *nick);

/* The same for any of the patterns: each is a word, and one with '*' or '?' a glob for a word. */
bool mention_of(const char *text, const struct patterns *words);

#endif
