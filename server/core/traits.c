#include "server/core/traits.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

bool trait_name_valid(const char *name, size_t max_bytes)
{
    size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_./-");
    return len > 0 && len <= max_bytes && name[len] == '\0';
}

static struct trait *find(const struct traits *traits, const char *name)
{
    for (size_t i = 0; i < traits->count; i++) {
        if (strcmp(traits->items[i].name, name) == 0)
            return &traits->items[i];
    }
    return NULL;
}

const char *traits_get(const struct traits *traits, const char *name)
{
    const struct trait *trait = find(traits, name);
    return trait != NULL ? trait->text : NULL;
}

static void take_out(struct traits *traits, struct trait *trait)
{
    free(trait->name);
    free(trait->text);
    size_t behind = (size_t)(traits->items + traits->count - trait) - 1;
    memmove(trait, trait + 1, behind * sizeof *trait);
    if (--traits->count == 0) {
        free(traits->items);
        traits->items = NULL;
    }
}

bool traits_set(struct traits *traits, const char *name, const char *text)
{
    struct trait *trait = find(traits, name);
    if (text == NULL) {
        if (trait != NULL)
            take_out(traits, trait);
        return trait != NULL;
    }
    if (trait != NULL && strcmp(trait->text, text) == 0)
        return false;
    if (trait != NULL) {
        free(trait->text);
        trait->text = xstrdup(text);
        return true;
    }
    traits->items = xreallocarray(traits->items, traits->count + 1, sizeof *traits->items);
    traits->items[traits->count++] = (struct trait){.name = xstrdup(name), .text = xstrdup(text)};
    return true;
}

void traits_release(struct traits *traits)
{
    while (traits->count > 0)
        take_out(traits, &traits->items[traits->count - 1]);
}
