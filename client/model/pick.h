/* Picking a line with the keyboard: Alt-Up, then what is to be done with it.
 *
 * Invariant: a picked line belongs to the current buffer, or is gone. */
#ifndef SNUG_CLIENT_MODEL_PICK_H
#define SNUG_CLIENT_MODEL_PICK_H

#include "client/model/model.h"

/* Picks the newest line of somebody, or the one before (or behind) the one picked. */
void pick_move(struct model *model, bool older);

/* Whether the key does something with the picked line; one that does not ends the picking. */
bool pick_takes(struct model *model, const struct key *key);

/* The loop is to open that link, by the user's command for it. */
void pick_open(struct model *model, const char *link, size_t len);

#endif
