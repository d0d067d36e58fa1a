/* Names that become somebody's: the claim and the fact about its owner are one batch of the store's,
 * and who asked is told when both are on disk. */
#include "server/pump/own.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump/ask.h"
#include "server/pump/cover.h"
#include "server/pump/slots.h"
#include "server/pump/tell.h"

/* The fact of a name that was not to be had. */
static void forget(struct pump *pump, const struct ask *ask)
{
    if (!ask->words)
        return;
    pump_put(pump, ask->words, NULL, true);
}

enum refusal gate_own(struct gate *gate, uint64_t session, const struct owning *owning,
                      uint64_t token)
{
    struct pump *pump = gate->pump;
    struct ask *ask = pump_ask_new(pump, session, ASK_OWN, token);
    ask->words = owning->again ? NULL : xstrdup(owning->key);
    if (!pump_put(pump, owning->key, owning->value, false) ||
        store_claim(pump->store, owning->name, owning->owner, ask->serial) != STORE_OK) {
        forget(pump, ask);
        pump_ask_free(pump_ask_take(pump, ask->serial));
        return REFUSED_NOT_STORED;
    }
    pump_slot(pump, session)->asked++;
    pump->uncommitted = true;
    return REFUSED_NOTHING;
}

enum refusal gate_settle(struct gate *gate, uint64_t session, uint64_t token)
{
    struct pump *pump = gate->pump;
    struct ask *ask = pump_ask_new(pump, session, ASK_OWN, token);
    /* Nobody's name is "": it only goes the way of what is before it. */
    if (store_release(pump->store, "", "", ask->serial) != STORE_OK) {
        pump_ask_free(pump_ask_take(pump, ask->serial));
        return REFUSED_NOT_STORED;
    }
    pump_slot(pump, session)->asked++;
    pump->uncommitted = true;
    return REFUSED_NOTHING;
}

void gate_disown(struct gate *gate, const struct owning *owning)
{
    struct pump *pump = gate->pump;
    bool done = pump_put(pump, owning->key, NULL, false) &&
                store_release(pump->store, owning->name, owning->owner, 0) == STORE_OK;
    pump->uncommitted = true;
    if (!done && pump->owner.lost)
        pump->owner.lost(pump->owner.ctx, owning->key);
}

void pump_own_claimed(struct pump *pump, uint64_t token, enum store_result result)
{
    struct ask *ask = pump_ask_take(pump, token);
    if (!ask)
        return;
    if (ask->kind == ASK_TELL) {
        pump_tell_claimed(pump, ask, result == STORE_OK);
        return;
    }
    enum refusal refusal = result == STORE_OK      ? REFUSED_NOTHING
                           : result == STORE_TAKEN ? REFUSED_NICK_OWNED
                                                   : REFUSED_NOT_STORED;
    if (refusal != REFUSED_NOTHING)
        forget(pump, ask);
    pump_ask_answer(pump, ask, &(struct door_page){.token = ask->token, .refusal = refusal});
}

void gate_keep(struct gate *gate, const char *key, const char *value)
{
    struct pump *pump = gate->pump;
    if (!pump_put(pump, key, value, true) && pump->owner.lost)
        pump->owner.lost(pump->owner.ctx, key);
}
