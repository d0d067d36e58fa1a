/* The keys of the whole program, beside those of the editor: one table row and one function each. */
#ifndef SNUG_CLIENT_MODEL_KEYMAP_H
#define SNUG_CLIENT_MODEL_KEYMAP_H

#include "client/model/model.h"

/* Does what the key says; false: it is none of these. */
bool keymap_run(struct model *model, int64_t now_ms, const struct key *key);

/* What key `i` of those that have a help does, and its name; NULL behind the last. */
const char *keymap_help(size_t i, const char **name);

#endif
