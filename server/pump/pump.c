#include "server/pump/pump.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump/ask.h"
#include "server/pump/batch.h"
#include "server/pump/cover.h"
#include "server/pump/effects.h"
#include "server/pump/internal.h"
#include "server/pump/lag.h"
#include "server/pump/leave.h"
#include "server/pump/lines.h"
#include "server/pump/rate.h"
#include "server/pump/slots.h"

enum {
    FORM_MAX_BYTES = 256 * 1024, /* one event on one wire; doors stay far below */
};

struct pump *pump_new(struct hub *hub, const struct pump_owner *owner)
{
    struct pump *pump = xcalloc(1, sizeof *pump);
    pump->gate.pump = pump;
    pump->hub = hub;
    pump->owner = *owner;
    pump->batch.first = pump->batch.end = 1;
    pump_set_patience(pump, OUTQ_MAX_BYTES, PUMP_STUCK_MS);
    slab_init(&pump->records, sizeof(struct slot));
    list_init(&pump->ready);
    list_init(&pump->leaving);
    list_init(&pump->lagging);
    chunk_writer_init(&pump->replies);
    str_init(&pump->scratch, FORM_MAX_BYTES);
    str_init(&pump->line, PUMP_INPUT_BYTES);
    table_init(&pump->asks, SIZE_MAX, 0); /* nobody chooses its keys */
    outbox_init(&pump->box);
    outbox_init(&pump->failed_box);
    return pump;
}

void pump_free(struct pump *pump)
{
    for (uint32_t at = 0; at < pump->slot_count; at++) {
        if (pump->slots[at])
            pump_slot_free(pump, pump->slots[at]);
    }
    for (uint32_t i = 0; i < pump->door_count; i++) {
        for (unsigned class = 0; class < DOOR_CLASSES_MAX; class ++)
            chunk_writer_release(&pump->doors[i].forms.writers[class]);
    }
    pump_batch_release(pump);
    pump_ask_free_all(pump);
    chunk_writer_release(&pump->replies);
    str_release(&pump->scratch);
    str_release(&pump->line);
    outbox_release(&pump->box);
    outbox_release(&pump->failed_box);
    free(pump->covered);
    free(pump->slots);
    free(pump->dirty);
    free(pump->free_slots);
    free(pump);
}

void pump_set_patience(struct pump *pump, size_t pending_bytes, int64_t stuck_ms)
{
    pump->pending_bytes = pending_bytes;
    pump->stuck_ms = stuck_ms;
}

/* The clock of this machine may be set back. What is measured by it goes on all the same, an eighth
 * slower, until the machine has caught up: nothing lasts forever, and nothing is over at once. */
static void set_time(struct pump *pump, int64_t now_ms)
{
    if (now_ms < pump->machine_ms) {
        pump->behind_ms = now_ms;
        pump->ahead_ms = pump->now_ms;
    }
    pump->machine_ms = now_ms;
    int64_t slow_ms = pump->ahead_ms + (now_ms - pump->behind_ms) * 7 / 8;
    pump->now_ms = now_ms > slow_ms ? now_ms : slow_ms;
}

/* Coming and going. */

static const char crowded_out[] = "No more connections";

uint64_t pump_open(struct pump *pump, const struct door *door, const struct origin *origin,
                   void *link, int64_t now_ms)
{
    struct slot *slot = pump_slot_new(pump, door, link);
    if (!slot)
        return SESSION_NONE;
    set_time(pump, now_ms);
    pump_rate_open(pump, slot, origin->host);
    slot->record = door->ops->open(door->ctx, &pump->gate, slot->session, origin);
    struct command connect = {
        .type = COMMAND_CONNECT,
        .session = slot->session,
        .host = origin->cloak ? origin->cloak : origin->host,
        .address = origin->host,
        .set = origin->secure ? SESSION_SECURE : 0,
    };
    pump_step(pump, &connect);
    if (!hub_session(pump->hub, slot->session))
        pump_mark_leaving(pump, slot, crowded_out);
    else if (slot->forms->ops->begin)
        slot->forms->ops->begin(slot->record);
    return slot->session;
}

const char *pump_kept_out(const struct pump *pump, uint64_t session)
{
    const struct slot *slot = pump_slot(pump, session);
    if (slot && slot->state == SLOT_OPEN)
        return NULL;
    return slot && slot->reason ? slot->reason : crowded_out;
}

void pump_closed(struct pump *pump, uint64_t session, int64_t now_ms)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot)
        return;
    set_time(pump, now_ms);
    if (hub_session(pump->hub, session))
        pump_leave(pump, slot, slot->reason ? slot->reason : "Connection closed");
    pump_slot_free(pump, slot);
}

void pump_end_all(struct pump *pump, const char *reason, int64_t now_ms)
{
    set_time(pump, now_ms);
    for (uint32_t at = 0; at < pump->slot_count; at++) {
        if (pump->slots[at] && pump->slots[at]->state == SLOT_OPEN)
            pump_leave(pump, pump->slots[at], reason);
    }
}

/* The turn. */

void pump_turn(struct pump *pump, int64_t now_ms)
{
    set_time(pump, now_ms);
    pump->turn_bytes = 0;
    pump->turn_lines = 0;
    pump_rewind(pump);
    pump_settle(pump);
    pump_lag_turn(pump);
    for (int pass = 0; pass < PUMP_PASSES_PER_TURN; pass++) {
        if (list_empty(&pump->ready) || pump_lines_enough(pump))
            break;
        pump_lines_step(pump);
        pump_settle(pump);
    }
    pump_leave_behind(pump);
    pump_leave_reap(pump);
    pump_settle(pump);
}

bool pump_ready(const struct pump *pump)
{
    bool lines = !list_empty(&pump->ready) && !pump_log_full(pump);
    return pump->uncommitted || lines || !list_empty(&pump->leaving) || !list_empty(&pump->lagging);
}

/* Ends a session whose other side has taken nothing for so long; what was pending is lost to it. */
static bool is_stuck(struct pump *pump, struct slot *slot)
{
    if (outq_sendable(&slot->out) == 0)
        slot->taken_ms = (uint32_t)pump->now_ms;
    if (pump_slot_since(slot->taken_ms, pump->now_ms) < pump->stuck_ms)
        return false;
    char why[64];
    snprintf(why, sizeof why, "Took nothing for %lld seconds", (long long)(pump->stuck_ms / 1000));
    slot->aborted = true;
    pump_leave_cut(pump, slot, why);
    return true;
}

/* Those who wait for their turn, or to be shown what they missed, are not to blame for silence. */
static bool is_waiting(const struct slot *slot)
{
    return slot->lag || slot->choked || pump_answer_waits(slot) || !list_empty(&slot->queue);
}

void pump_tick(struct pump *pump, int64_t now_ms)
{
    set_time(pump, now_ms);
    pump_step(pump, &(struct command){.type = COMMAND_TICK});
    for (uint32_t at = 0; at < pump->slot_count; at++) {
        struct slot *slot = pump->slots[at];
        if (!slot || slot->state != SLOT_OPEN || is_stuck(pump, slot))
            continue;
        if (!pump_rate_tick(pump, slot)) {
            pump_leave_cut(pump, slot, "Excess flood");
            continue;
        }
        pump_lag_tick(pump, slot);
        if (!is_waiting(slot))
            slot->forms->ops->tick(slot->record, pump->now_ms);
    }
    store_tick(pump->store, pump->now_ms);
}
