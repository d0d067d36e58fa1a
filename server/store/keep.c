#include "server/store/keep.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/store/entry.h"

struct keep {
    size_t count;
    struct store_keep all; /* without a rule: for ever */
    struct store_keep rules[];
};

struct keep *keep_new(const struct store_keep *rules, size_t count)
{
    struct keep *keep = xcalloc(1, sizeof *keep + count * sizeof keep->rules[0]);
    for (size_t i = 0; i < count; i++) {
        if (rules[i].room == NULL) {
            keep->all = rules[i];
            continue;
        }
        struct store_keep *rule = &keep->rules[keep->count++];
        *rule = rules[i];
        rule->room = xstrdup(rules[i].room);
    }
    return keep;
}

void keep_free(struct keep *keep)
{
    if (!keep)
        return;
    for (size_t i = 0; i < keep->count; i++)
        free((char *)keep->rules[i].room);
    free(keep);
}

const struct store_keep *keep_find(const struct keep *keep, const char *room)
{
    for (size_t i = keep->count; room && i-- > 0;) {
        if (entry_same_name(keep->rules[i].room, room))
            return &keep->rules[i];
    }
    return &keep->all;
}

bool keep_limits(const struct keep *keep)
{
    bool limits = keep->all.max_age_ms > 0 || keep->all.max_bytes > 0;
    for (size_t i = 0; i < keep->count; i++)
        limits |= keep->rules[i].max_age_ms > 0 || keep->rules[i].max_bytes > 0;
    return limits;
}
