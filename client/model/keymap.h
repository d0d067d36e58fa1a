/* The keys of the whole program, beside those of the editor: one table row and one function each. */
#ifndef SNUG_CLIENT_MODEL_KEYMAP_H
#define SNUG_CLIENT_MODEL_KEYMAP_H

#include "client/model/model.h"

/* Does what the key says; false: it is none of these. */
bool keymap_run(struct model *model, int64_t now_ms, const struct key *key);

/* Appends the name of key `i` of those that have a help, as the manual spells it, and what it does, the
 * keys that edit the line among them. False: there are no more. */
bool keymap_help(size_t i, struct str *out);

#endif
