#include "server/pump/slots.h"

#include <assert.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump/batch.h"
#include "server/pump/lag.h"

enum {
    SLOTS_MAX = 1 << SESSION_SLOT_BITS,
};

/* The forms of a door in use; a new one is noted. */
static struct forms *forms_of(struct pump *pump, const struct door *door)
{
    for (uint32_t i = 0; i < pump->door_count; i++) {
        const struct door *known = &pump->doors[i].door;
        if (known->ops == door->ops && known->ctx == door->ctx)
            return &pump->doors[i].forms;
    }
    assert(pump->door_count < PUMP_MAX_DOORS);
    struct pump_door *added = &pump->doors[pump->door_count++];
    added->door = *door;
    added->forms.door = &added->door;
    added->forms.ops = door->ops;
    return &added->forms;
}

static void grow(struct pump *pump)
{
    pump->slot_size = pump->slot_size ? pump->slot_size * 2 : 64;
    pump->slots = xreallocarray(pump->slots, pump->slot_size, sizeof(struct slot *));
    pump->dirty = xreallocarray(pump->dirty, pump->slot_size, sizeof(struct slot *));
    pump->free_slots = xreallocarray(pump->free_slots, pump->slot_size, sizeof(uint32_t));
}

struct slot *pump_slot_new(struct pump *pump, const struct door *door, void *link)
{
    assert(door->ops->max_line_bytes < PUMP_INPUT_BYTES / 2);
    if (pump->free_count == 0 && pump->slot_count == SLOTS_MAX)
        return NULL;
    if (pump->free_count == 0 && pump->slot_count == pump->slot_size)
        grow(pump);
    uint32_t at = pump->free_count > 0 ? pump->free_slots[--pump->free_count] : pump->slot_count++;
    struct slot *slot = slab_new(&pump->records);
    slot->session = ++pump->generation << SESSION_SLOT_BITS | at;
    slot->live = slot->session;
    slot->forms = forms_of(pump, door);
    slot->group = DOOR_NO_GROUP;
    slot->link = link;
    slot->taken_ms = (uint32_t)pump->now_ms;
    list_init(&slot->queue);
    linebuf_init(&slot->in, door->ops->max_line_bytes, PUMP_INPUT_BYTES);
    outq_init(&slot->out);
    pump->slots[at] = slot;
    pump->open_count++;
    return slot;
}

static void unmark_dirty(struct pump *pump, struct slot *slot)
{
    if (slot->dirty_at == 0)
        return;
    struct slot *moved = pump->dirty[--pump->dirty_count];
    pump->dirty[slot->dirty_at - 1] = moved;
    moved->dirty_at = slot->dirty_at;
    slot->dirty_at = 0;
}

void pump_slot_free(struct pump *pump, struct slot *slot)
{
    uint32_t at = session_slot(slot->session);
    if (slot->record)
        slot->forms->ops->close(slot->record);
    pump_lag_drop(slot);
    list_remove(&slot->queue);
    unmark_dirty(pump, slot);
    linebuf_release(&slot->in);
    outq_release(&slot->out);
    free(slot->reason);
    slab_free(slot);
    pump->slots[at] = NULL;
    pump->free_slots[pump->free_count++] = at;
    pump->open_count--;
}

void pump_mark_ready(struct pump *pump, struct slot *slot)
{
    bool waits = slot->held || slot->choked || slot->throttled || slot->state != SLOT_OPEN;
    if (!waits && list_empty(&slot->queue))
        list_add_tail(&pump->ready, &slot->queue);
}

/* What the slot is owed, if it is all of the batch, in one piece, and nothing is queued before it; else
 * that is queued, and nothing returned. */
static inline struct extent take_owed(struct pump *pump, struct slot *slot)
{
    const struct extent nothing = {0};
    if (!pump_is_owed(pump, slot))
        return nothing;
    const struct part *part = pump_part_of(slot);
    if (part->run_count != 1 || slot->owed != pump->batch.first || slot->out.bytes > 0) {
        pump_batch_give(pump, slot);
        return nothing;
    }
    slot->owed = pump->batch.end;
    return part->runs[0];
}

bool pump_next_dirty(struct pump *pump, struct pump_dirty *dirty)
{
    static const enum pump_fate fates[] = {
        [SLOT_OPEN] = PUMP_KEEP,
        [SLOT_LEAVING] = PUMP_KEEP,
        [SLOT_ENDING] = PUMP_END,
        [SLOT_ABORTED] = PUMP_ABORT,
    };
    if (pump->dirty_count == 0)
        return false;
    struct slot *slot = pump->dirty[--pump->dirty_count];
    slot->dirty_at = 0;
    dirty->link = slot->link;
    dirty->out = &slot->out;
    dirty->fate = slot->state == SLOT_ENDING && slot->covered ? PUMP_KEEP : fates[slot->state];
    dirty->fresh = take_owed(pump, slot);
    pump->batch.roster = 0; /* who is not dirty any more would miss what is added */
    return true;
}

size_t pump_open_count(const struct pump *pump)
{
    return pump->open_count;
}

bool pump_count_door(const struct pump *pump, size_t i, const char **name, size_t *count)
{
    if (i >= pump->door_count)
        return false;
    *name = pump->doors[i].door.ops->name;
    *count = 0;
    for (uint32_t at = 0; at < pump->slot_count; at++)
        *count += pump->slots[at] && pump->slots[at]->forms == &pump->doors[i].forms;
    return true;
}
