/* Whether a text speaks to somebody: has the nick in it, as a word, in any spelling. */
#ifndef SNUG_CLIENT_MODEL_MENTION_H
#define SNUG_CLIENT_MODEL_MENTION_H

#include <stdbool.h>

bool mention_in(const char *text, const char *nick);

#endif
