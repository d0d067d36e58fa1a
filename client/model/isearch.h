/* C-r: what was entered before is searched backwards, while its pattern is being typed. */
#ifndef SNUG_CLIENT_MODEL_ISEARCH_H
#define SNUG_CLIENT_MODEL_ISEARCH_H

#include "client/model/key.h"

#include <stddef.h>

struct history;

enum { ISEARCH_MAX_BYTES = 200 /* further text is not taken into the pattern */ };

/* A search backwards through a history, which must outlive it. */
struct isearch {
    const struct history *history;
    char pattern[ISEARCH_MAX_BYTES + 1];
    size_t len;
    size_t back;       /* the entry found, while `match` */
    const char *match; /* NULL: nothing found */
};

enum isearch_result {
    ISEARCH_GOES_ON,
    ISEARCH_TAKEN, /* the match is wanted; the key is used up */
    ISEARCH_ENDED, /* the match is wanted, and the key is to be acted on */
    ISEARCH_DROPPED,
};

struct isearch *isearch_new(const struct history *history);
void isearch_free(struct isearch *isearch);

/* Text and Backspace change the pattern, C-r goes on to an older match, C-s to a newer one. */
enum isearch_result isearch_key(struct isearch *isearch, const struct key *key);

#endif
