/* Searching what was said: /search WORD, then n (or C-r) and N while the line is empty.
 *
 * First the lines of the current buffer; behind the oldest of them what the server found (found.h).
 * Invariant: a search under way stands on a line that was found, on one that is gone, or on none yet. */
#ifndef SNUG_CLIENT_MODEL_FIND_H
#define SNUG_CLIENT_MODEL_FIND_H

#include "client/model/model.h"

/* What is said of the keys while a search is under way. */
#define FIND_KEYS "n goes on, N back, Escape ends"

struct find {
    char *words;
    char *key;      /* the words, folded */
    uint64_t line;  /* that was found last; 0: none */
    uint32_t where; /* the buffer that is searched */
    bool asked;     /* the server, which has not answered yet */
    bool more;      /* it may find older ones, asked again */
    size_t found;   /* lines that it found */
};

void find_free(struct find *find);

/* Goes to the newest line with the words, in any spelling, and asks the server for older ones. False,
 * with a hint: there is no such line, and no server to ask. */
bool find_start(struct model *model, const char *words);

/* Goes to the next older (or newer) one. */
void find_next(struct model *model, bool older);

/* Whether the key goes on with the search; one that does not ends it. */
bool find_takes(struct model *model, const struct key *key);

#endif
