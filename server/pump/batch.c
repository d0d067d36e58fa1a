/* The fan-out of what is said in rooms. What one roster is told in a row is a batch: it is worded as it
 * comes, once for each group of connections, side by side; and whoever is to hear it gets all of it
 * at once, when his turn to be sent something comes, or before something else is queued for him.
 * So a recipient costs something once a turn, and a message as good as nothing for each of them.
 *
 * Invariant: a slot is in the batch if its `owed` is not below the batch's first number, and has been
 * given all below that. While it is still owed something, it is dirty. One roster at a time: the next
 * one begins a batch of its own, when all are given what they are owed of the one before. */
#include "server/pump/batch.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump/effects.h"
#include "server/pump/slots.h"

enum {
    BATCH_EVENTS = 256,
    /* Of one group: so far may somebody's queue grow beyond what may be pending. */
    BATCH_BYTES = 64 * 1024,
};

/* What is said. */

/* Puts what a group is shown of an event behind what it was shown before. */
static void part_add(struct part *part, uint32_t index, struct extent form)
{
    if (!part->begins)
        part->begins = xcalloc(BATCH_EVENTS, sizeof *part->begins);
    struct extent *last = part->run_count > 0 ? &part->runs[part->run_count - 1] : NULL;
    part->begins[index] = (struct part_place){last ? part->run_count - 1 : 0, last ? last->len : 0};
    if (form.len == 0)
        return;
    struct extent written = chunk_write(&part->writer, form.chunk->bytes + form.at, form.len);
    part->bytes += written.len;
    if (last && last->chunk == written.chunk && last->at + last->len == written.at) {
        last->len += written.len;
        return;
    }
    if (part->run_count == part->run_size) {
        part->run_size = part->run_size ? 2 * part->run_size : 4;
        part->runs = xreallocarray(part->runs, part->run_size, sizeof *part->runs);
    }
    chunk_ref(written.chunk);
    part->runs[part->run_count++] = written;
}

/* Words an event for all groups of one door that are in the batch. */
static void word(struct pump *pump, struct forms *forms, const struct event *event)
{
    struct batch *batch = &pump->batch;
    uint32_t index = (uint32_t)(batch->end - batch->first);
    for (unsigned group = 0; forms->groups >> group != 0; group++) {
        if (!(forms->groups >> group & 1))
            continue;
        unsigned class = forms->door->ops->group_class(forms->door->ctx, group, event);
        struct part *part = &forms->parts[group];
        part_add(part, index, *pump_form(pump, forms, class, event));
        if (part->bytes >= BATCH_BYTES)
            batch->roster = 0;
    }
}

/* To whom. */

void pump_batch_give(struct pump *pump, struct slot *slot)
{
    const struct part *part = pump_part_of(slot);
    struct part_place from = part->begins[slot->owed - pump->batch.first];
    slot->owed = pump->batch.end;
    for (uint32_t i = from.run; i < part->run_count; i++) {
        struct extent run = part->runs[i];
        run.at += from.at;
        run.len -= from.at;
        from.at = 0;
        outq_add(&slot->out, run);
    }
}

static void add_single(struct batch *batch, uint64_t session)
{
    if (batch->single_count == batch->single_size) {
        batch->single_size = batch->single_size ? 2 * batch->single_size : 16;
        batch->singles = xreallocarray(batch->singles, batch->single_size, sizeof *batch->singles);
    }
    batch->singles[batch->single_count++] = session;
}

void pump_batch_leave(struct pump *pump, struct slot *slot)
{
    if (pump->batch.roster != 0 && slot->owed >= pump->batch.first)
        add_single(&pump->batch, slot->session);
    slot->owed = 0;
}

static void release_runs(struct forms *forms)
{
    for (unsigned group = 0; forms->groups >> group != 0; group++) {
        struct part *part = &forms->parts[group];
        for (uint32_t i = 0; i < part->run_count; i++)
            chunk_unref(part->runs[i].chunk);
        part->run_count = 0;
        part->bytes = 0;
    }
    forms->groups = 0;
}

void pump_batch_close(struct pump *pump)
{
    struct batch *batch = &pump->batch;
    for (uint32_t i = 0; batch->first < batch->end && i < pump->dirty_count; i++)
        pump_catch_up(pump, pump->dirty[i]);
    for (uint32_t i = 0; i < pump->door_count; i++)
        release_runs(&pump->doors[i].forms);
    batch->roster = 0;
    batch->first = ++batch->end; /* nobody is in the next one by having been in this one */
    batch->single_count = 0;
}

/* Begins a batch for these recipients. What stands in this loop, and what is done to send, is the cost
 * of a delivery where one line at a time is said. */
static void open_batch(struct pump *pump, const struct effect *effect)
{
    struct batch *batch = &pump->batch;
    pump_batch_close(pump);
    batch->roster = effect->roster;
    uint64_t first = batch->first;
    for (size_t i = 0; i < effect->recipient_count; i++) {
        uint64_t session = effect->recipients[i];
        struct slot *slot = pump->slots[session_slot(session)];
        if (slot == NULL || slot->live != session)
            continue;
        if (slot->lag || slot->group == DOOR_NO_GROUP || slot->out.bytes > pump->pending_bytes) {
            add_single(batch, session);
            continue;
        }
        slot->forms->groups |= 1u << slot->group;
        slot->owed = first;
        pump_mark_dirty(pump, slot);
    }
}

/* Who said it has been given all before it, and is not given this. */
static void leave_out(struct pump *pump, uint64_t session)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot || slot->owed < pump->batch.first)
        return;
    pump_catch_up(pump, slot);
    slot->owed = pump->batch.end + 1;
}

static void deliver_singles(struct pump *pump, const struct effect *effect)
{
    const struct batch *batch = &pump->batch;
    for (size_t i = 0; i < batch->single_count; i++) {
        struct slot *slot = pump_slot(pump, batch->singles[i]);
        if (slot && slot->live != SESSION_NONE && slot->session != effect->except)
            pump_deliver_to(pump, slot, &effect->event);
    }
}

void pump_batch_add(struct pump *pump, const struct effect *effect)
{
    struct batch *batch = &pump->batch;
    if (batch->roster != effect->roster || batch->end - batch->first == BATCH_EVENTS)
        open_batch(pump, effect);
    leave_out(pump, effect->except);
    for (uint32_t i = 0; i < pump->door_count; i++)
        word(pump, &pump->doors[i].forms, &effect->event);
    batch->end++;
    deliver_singles(pump, effect);
}

void pump_batch_release(struct pump *pump)
{
    for (uint32_t i = 0; i < pump->door_count; i++) {
        struct forms *forms = &pump->doors[i].forms;
        release_runs(forms);
        for (unsigned group = 0; group < DOOR_GROUPS_MAX; group++) {
            chunk_writer_release(&forms->parts[group].writer);
            free(forms->parts[group].runs);
            free(forms->parts[group].begins);
        }
    }
    free(pump->batch.singles);
}

void gate_group(struct gate *gate, uint64_t session, unsigned group)
{
    struct pump *pump = gate->pump;
    struct slot *slot = pump_slot(pump, session);
    if (!slot || slot->group == group)
        return;
    pump_catch_up(pump, slot);
    /* The batch has no words for a group that had nobody in it. */
    if (slot->owed >= pump->batch.first)
        pump->batch.roster = 0;
    slot->group = (uint8_t)group;
}
