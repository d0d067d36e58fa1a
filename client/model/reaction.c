#include "client/model/reaction.h"

#include "client/model/member.h"
#include "common/alloc.h"
#include "common/str.h"

#include <stdlib.h>
#include <string.h>

static void free_one(struct reaction *reaction)
{
    free(reaction->text);
    free(reaction->nick);
}

void reactions_release(struct reactions *reactions)
{
    for (size_t i = 0; i < reactions->count; i++)
        free_one(&reactions->list[i]);
    free(reactions->list);
    *reactions = (struct reactions){0};
}

/* Its index, or count. */
static size_t find(const struct reactions *reactions, const char *text, const char *nick)
{
    size_t i = 0;
    while (i < reactions->count && (strcmp(reactions->list[i].text, text) != 0 ||
                                    !member_same(reactions->list[i].nick, nick)))
        i++;
    return i;
}

bool reactions_have(const struct reactions *reactions, const char *text, const char *nick)
{
    return find(reactions, text, nick) < reactions->count;
}

static bool add(struct reactions *reactions, const char *text, const char *nick)
{
    size_t len = strlen(text);
    if (reactions->count == REACTIONS_MAX || len == 0 || len > REACTION_MAX_BYTES)
        return false;
    reactions->list =
        xreallocarray(reactions->list, reactions->count + 1, sizeof(*reactions->list));
    reactions->list[reactions->count++] = (struct reaction){xstrdup(text), xstrdup(nick)};
    return true;
}

bool reactions_set(struct reactions *reactions, const char *text, const char *nick, bool on)
{
    size_t i = find(reactions, text, nick);
    if ((i < reactions->count) == on)
        return false;
    if (on)
        return add(reactions, text, nick);
    free_one(&reactions->list[i]);
    reactions->count--;
    memmove(&reactions->list[i], &reactions->list[i + 1],
            (reactions->count - i) * sizeof(*reactions->list));
    return true;
}

void reactions_words(const struct reactions *reactions, struct str *out)
{
    const struct reaction *list = reactions->list;
    for (size_t i = 0, said = 0; i < reactions->count; i++) {
        size_t before = 0, count = 0;
        for (size_t k = 0; k < reactions->count; k++)
            if (strcmp(list[k].text, list[i].text) == 0)
                count++, before += k < i;
        if (before == 0)
            str_addf(out, "%s%s %zu", said++ > 0 ? "  " : "", list[i].text, count);
    }
}
