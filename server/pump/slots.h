/* The table of connections: a slot each, found by the low bits of its session's id. */
#ifndef SNUG_SERVER_PUMP_SLOTS_H
#define SNUG_SERVER_PUMP_SLOTS_H

#include "server/pump/internal.h"

/* The connection of a session, or NULL for a stale id. */
static inline struct slot *pump_slot(const struct pump *pump, uint64_t session)
{
    uint32_t at = session_slot(session);
    struct slot *slot = at < pump->slot_count ? pump->slots[at] : NULL;
    return slot && slot->session == session ? slot : NULL;
}

/* A new slot in SLOT_OPEN, or NULL when there are as many as there can be. */
struct slot *pump_slot_new(struct pump *pump, const struct door *door, void *link);

/* Frees a slot, its door's record and its queues; the session finds nobody from then on. */
void pump_slot_free(struct pump *pump, struct slot *slot);

/* Notes that the net has something to do for this connection. */
static inline void pump_mark_dirty(struct pump *pump, struct slot *slot)
{
    if (slot->dirty_at != 0)
        return;
    pump->dirty[pump->dirty_count++] = slot;
    slot->dirty_at = pump->dirty_count;
}

/* Queues a connection that may have a line to step, unless something holds it back. */
void pump_mark_ready(struct pump *pump, struct slot *slot);

/* Milliseconds from then to now; less than nothing, if the clock was set back. */
static inline int32_t pump_slot_since(uint32_t then_ms, int64_t now_ms)
{
    return (int32_t)((uint32_t)now_ms - then_ms);
}

#endif
