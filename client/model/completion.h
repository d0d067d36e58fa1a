/* Tab: the names that the word before the cursor may begin, and the emoji behind ":name".
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
    char *names[COMPLETION_MAX];      /* of what they show, "👍 +1"; NULL: they are names */
    size_t count, chosen;
    const char *suffix; /* what stands behind a name, as ": " */
    size_t from, to;    /* of the draft: the chosen name and its suffix */
};

/* Completes the current draft, or goes on by `step` candidates; nothing fits: nothing happens. */
void completion_tab(struct model *model, int step);

/* Whether the key leaves a completion under way. */
bool completion_goes_on(const struct key *key);

/* What is shown for candidate `i`. */
const char *completion_shown(const struct completion *completion, size_t i);

void completion_free(struct completion *completion);

#endif
