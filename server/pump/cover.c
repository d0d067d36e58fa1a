#include "server/pump/cover.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump/batch.h"
#include "server/pump/slots.h"

void pump_foresee(struct pump *pump, const struct outbox *box)
{
    uint64_t fact = pump->facts_put;
    for (size_t i = 0; i < box->count; i++) {
        if (box->effects[i].type != EFFECT_KEEP)
            continue;
        fact++;
        if (!box->effects[i].aside)
            pump->facts_shown = fact;
    }
}

bool pump_put(struct pump *pump, const char *key, const char *value, bool aside)
{
    if (store_put(pump->store, key, value, value ? strlen(value) : 0) != STORE_OK) {
        if (pump->facts_shown > pump->facts_put)
            pump->facts_shown--; /* it was foreseen, and has no number now */
        return false;
    }
    pump->facts_put++;
    if (!aside && pump->facts_shown < pump->facts_put)
        pump->facts_shown = pump->facts_put;
    pump->uncommitted = true;
    return true;
}

void pump_kept(struct pump *pump)
{
    pump->facts_kept++;
}

static bool is_later(uint64_t fact, uint32_t other)
{
    return (int32_t)((uint32_t)fact - other) > 0;
}

/* What is queued already goes on waiting for the fact that it waits for. */
static void cover_twice(struct pump *pump, struct slot *slot, uint64_t fact)
{
    if (!is_later(fact, slot->covered_twice ? slot->awaited_later : slot->awaited))
        return;
    slot->awaited_later = (uint32_t)fact;
    if (slot->covered_twice)
        return;
    pump_catch_up(pump, slot);
    slot->covered_twice = true;
    slot->later_at = outq_held(&slot->out);
}

void pump_cover(struct pump *pump, struct slot *slot, uint64_t fact)
{
    if (slot->covered) {
        cover_twice(pump, slot, fact);
        return;
    }
    slot->awaited = (uint32_t)fact;
    pump_catch_up(pump, slot);
    slot->covered = true;
    outq_hold(&slot->out);
    if (pump->covered_count == pump->covered_size) {
        pump->covered_size = pump->covered_size ? 2 * pump->covered_size : 16;
        pump->covered = xreallocarray(pump->covered, pump->covered_size, sizeof *pump->covered);
    }
    pump->covered[pump->covered_count++] = slot->session;
}

void pump_cover_answer(struct pump *pump, struct slot *slot)
{
    if (pump_is_ahead(pump))
        pump_cover(pump, slot, pump->facts_shown);
    if (slot->covered_twice)
        slot->later_answer_waits = true;
    else
        slot->answer_waits = slot->covered;
}

static bool is_waiting(const struct pump *pump, const struct slot *slot)
{
    /* Of what was foreseen some may have had no place in the store. */
    bool under_way = pump->facts_kept < pump->facts_put;
    return under_way && is_later(slot->awaited, (uint32_t)pump->facts_kept) && !pump->log_down;
}

/* What it waited for is on disk; what was queued later waits on. */
static void uncover(struct pump *pump, struct slot *slot)
{
    if (slot->covered_twice)
        outq_move_hold(&slot->out, slot->later_at);
    else
        outq_let_go(&slot->out);
    slot->covered = slot->covered_twice;
    slot->awaited = slot->awaited_later;
    slot->answer_waits = slot->later_answer_waits;
    slot->covered_twice = slot->later_answer_waits = false;
    pump_mark_dirty(pump, slot);
    if (slot->held && slot->asked == 0) {
        slot->held = false;
        pump_mark_ready(pump, slot);
    }
}

void pump_uncover(struct pump *pump)
{
    size_t count = 0;
    for (size_t i = 0; i < pump->covered_count; i++) {
        struct slot *slot = pump_slot(pump, pump->covered[i]);
        while (slot && slot->covered && !is_waiting(pump, slot))
            uncover(pump, slot);
        if (slot && slot->covered)
            pump->covered[count++] = pump->covered[i];
    }
    pump->covered_count = count;
}

void gate_show_aside(struct gate *gate, uint64_t session)
{
    struct pump *pump = gate->pump;
    struct slot *slot = pump_slot(pump, session);
    if (slot && pump->facts_put > pump->facts_kept && !pump->log_down)
        pump_cover(pump, slot, pump->facts_put);
}
