/* Tab: the names that the word before the cursor may begin.
 *
 * Made by the first Tab, moved on by further ones, and dropped by every other key. */
#ifndef SNUG_CLIENT_MODEL_COMPLETION_H
#define SNUG_CLIENT_MODEL_COMPLETION_H

#include "client/model/model.h"

enum {
    COMPLETION_MAX = 50, /* candidates; the rest is left out */
};

struct completion {
    char *candidates[COMPLETION_MAX]; /* best first */
    size_t count, chosen;
    const char *suffix; /* what stands behind a name, as ": " */
    size_t from, to;    /* of the draft: the chosen name and its suffix */
};

/* Completes the current draft, or goes on by `step` candidates; nothing fits: nothing happens. */
void completion_tab(struct model *model, int step);

/* Whether the key leaves a completion under way. */
bool completion_goes_on(const struct key *key);

void completion_free(struct completion *completion);

#endif
