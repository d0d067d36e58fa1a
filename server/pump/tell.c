/* What may be told only when it is on disk: the notes and deliveries of a step that wait for its facts.
 * Until then no line of the session that asked is stepped, so that its answers keep their order. */
#include "server/pump/tell.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump/effects.h"
#include "server/pump/slots.h"

void pump_tell_later(struct outbox **told, const struct effect *effect)
{
    if (!*told) {
        *told = xmalloc(sizeof **told);
        outbox_init(*told);
    }
    outbox_add_copy(*told, effect);
}

void pump_tell_settled(struct pump *pump, uint64_t session, struct outbox *told)
{
    struct slot *slot = pump_slot(pump, session);
    if (!told)
        return;
    struct ask *ask = pump_ask_new(pump, session, ASK_TELL, 0);
    ask->told = told;
    if (slot)
        slot->asked++;
    pump->uncommitted = true;
    /* Nobody's name is "": it only goes the way of what is before it. */
    if (store_release(pump->store, "", "", ask->serial) != STORE_OK)
        pump_tell_claimed(pump, pump_ask_take(pump, ask->serial), false);
}

/* Others are told nothing, and who asked is told why. */
static void refuse(struct pump *pump, const struct outbox *told)
{
    for (size_t i = 0; i < told->count; i++) {
        struct effect effect = told->effects[i];
        if (effect.type != EFFECT_NOTE)
            continue;
        effect.note.type = NOTE_REFUSED;
        effect.note.refusal = REFUSED_NOT_STORED;
        pump_tell(pump, &effect);
    }
}

void pump_tell_claimed(struct pump *pump, struct ask *ask, bool kept)
{
    pump_ask_over(pump, pump_slot(pump, ask->session));
    if (!kept)
        refuse(pump, ask->told);
    for (size_t i = 0; kept && i < ask->told->count; i++)
        pump_tell(pump, &ask->told->effects[i]);
    pump_ask_free(ask);
}
