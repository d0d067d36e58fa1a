#include "server/pump/leave.h"

#include "common/alloc.h"
#include "server/pump/batch.h"
#include "server/pump/effects.h"
#include "server/pump/lag.h"
#include "server/pump/slots.h"

void pump_mark_leaving(struct pump *pump, struct slot *slot, const char *reason)
{
    pump_catch_up(pump, slot);
    slot->owed = 0;
    slot->live = SESSION_NONE;
    pump_lag_drop(slot);
    if (slot->state != SLOT_OPEN)
        return;
    slot->state = SLOT_LEAVING;
    if (reason && !slot->reason)
        slot->reason = xstrdup(reason);
    list_remove(&slot->queue);
    list_add_tail(&pump->leaving, &slot->queue);
}

void pump_leave(struct pump *pump, struct slot *slot, const char *reason)
{
    struct command leave = {.type = COMMAND_LEAVE, .session = slot->session, .text = reason};
    pump_step(pump, &leave);
    pump_mark_leaving(pump, slot, reason);
}

void pump_leave_cut(struct pump *pump, struct slot *slot, const char *why)
{
    const struct session *session = hub_session(pump->hub, slot->session);
    if (session && pump->owner.cut)
        pump->owner.cut(pump->owner.ctx, session->address, why);
    pump_leave(pump, slot, why);
}

void pump_leave_behind(struct pump *pump)
{
    static const char *const words[] = {
        [CUT_NOT] = NULL,
        [CUT_ROOMS] = "Too far behind in too many conversations",
        [CUT_NAMES] = "Too far behind in too many changes of name",
        [CUT_TOO_LATE] = "Too far behind: the log no longer has what you have not read",
    };
    for (uint32_t i = 0; pump->cutting && i < pump->dirty_count; i++) {
        struct slot *slot = pump->dirty[i];
        if (slot->cut && slot->state == SLOT_OPEN)
            pump_leave_cut(pump, slot, words[slot->cut]);
    }
    pump->cutting = false;
}

void pump_leave_reap(struct pump *pump)
{
    while (!list_empty(&pump->leaving)) {
        struct slot *slot = list_entry(list_first(&pump->leaving), struct slot, queue);
        list_remove(&slot->queue);
        const char *reason = slot->reason ? slot->reason : "";
        if (hub_session(pump->hub, slot->session))
            pump_leave(pump, slot, reason);
        if (!slot->aborted)
            slot->forms->ops->farewell(slot->record, reason);
        slot->forms->ops->close(slot->record);
        slot->record = NULL;
        linebuf_release(&slot->in);
        slot->state = slot->aborted ? SLOT_ABORTED : SLOT_ENDING;
        pump_mark_dirty(pump, slot);
    }
}
