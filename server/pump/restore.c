/* What the hub wrote down is given back to it, before the first step. */
#include "server/pump/pump.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump/internal.h"

static bool restore_room(struct hub *hub, const char *key, const char *value)
{
    (void)key;
    return hub_restore_room(hub, value);
}

static bool restore_ban(struct hub *hub, const char *key, const char *value)
{
    (void)key;
    return hub_restore_ban(hub, value);
}

static bool restore_known(struct hub *hub, const char *key, const char *value)
{
    (void)key;
    return hub_restore_known(hub, value);
}

/* In the order in which they lean on each other. */
static const struct kind {
    const char *prefix;
    bool (*restore)(struct hub *hub, const char *key, const char *value);
} kinds[] = {
    {HUB_ROOM_FACT, restore_room},
    {HUB_MARK_FACT, hub_restore_mark},
    {HUB_TRAIT_FACT, hub_restore_trait},
    {HUB_REJOIN_FACT, hub_restore_rejoins},
    {HUB_BAN_FACT, restore_ban},
    {HUB_KNOWN_FACT, restore_known},
    {HUB_FORGETFUL_FACT, hub_restore_forgetful},
};

struct restoring {
    struct pump *pump;
    const struct kind *kind;
};

static void restore(void *ctx, const char *key, const void *value, size_t len)
{
    const struct restoring *restoring = ctx;
    const struct pump_owner *owner = &restoring->pump->owner;
    char *text = xmemdup0(value, len);
    if (!restoring->kind->restore(restoring->pump->hub, key, text) && owner->lost)
        owner->lost(owner->ctx, key);
    free(text);
}

bool pump_set_store(struct pump *pump, struct store *store)
{
    pump->store = store;
    bool good = true;
    for (size_t i = 0; good && i < sizeof kinds / sizeof *kinds; i++) {
        struct restoring restoring = {pump, &kinds[i]};
        good = store_each_fact(store, kinds[i].prefix, restore, &restoring);
    }
    return good;
}
