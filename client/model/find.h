/* Searching the lines of the current buffer: /search WORD, then n and N while the line is empty.
 *
 * Invariant: a search under way stands on a line that has the word, or on one that is gone. */
#ifndef SNUG_CLIENT_MODEL_FIND_H
#define SNUG_CLIENT_MODEL_FIND_H

#include "client/model/model.h"

struct find {
    char *key;     /* the word, folded */
    uint64_t line; /* that was found last */
};

void find_free(struct find *find);

/* Goes to the newest line with the word, in any spelling. False, with a hint: there is none. */
bool find_start(struct model *model, const char *word);

/* Goes to the next older (or newer) one. */
void find_next(struct model *model, bool older);

/* Whether the key goes on with the search; what does not ends it. */
bool find_takes(struct model *model, const struct key *key);

#endif
