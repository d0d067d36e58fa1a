/* C-x and a letter: how what is typed from there on is to look. */
#ifndef SNUG_CLIENT_MODEL_CHORD_H
#define SNUG_CLIENT_MODEL_CHORD_H

#include "client/model/model.h"

/* C-x was pressed: the next key belongs to it. */
void chord_begin(struct model *model);

/* Whether the key behind C-x is one of these; in any case the chord is over. */
bool chord_takes(struct model *model, const struct key *key);

#endif
