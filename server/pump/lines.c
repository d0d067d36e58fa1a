#include "server/pump/lines.h"

#include <assert.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump/cover.h"
#include "server/pump/effects.h"
#include "server/pump/lag.h"
#include "server/pump/leave.h"
#include "server/pump/rate.h"
#include "server/pump/slots.h"

size_t pump_space(struct pump *pump, uint64_t session)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot)
        return 0;
    if (slot->state != SLOT_OPEN)
        return PUMP_INPUT_BYTES;
    slot->paused = linebuf_waiting(&slot->in) > PUMP_INPUT_BYTES / 2;
    return slot->paused ? 0 : linebuf_space(&slot->in);
}

void pump_data(struct pump *pump, uint64_t session, const void *bytes, size_t len)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot || slot->state != SLOT_OPEN)
        return;
    if (slot->forms->ops->filter) {
        str_reset(&pump->line);
        str_add(&pump->line, bytes, len);
        bytes = pump->line.data;
        len = slot->forms->ops->filter(slot->record, pump->line.data, len);
    }
    bool taken = linebuf_feed(&slot->in, bytes, len);
    assert(taken);
    (void)taken;
    pump_mark_ready(pump, slot);
}

void pump_eof(struct pump *pump, uint64_t session, const char *reason)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot || slot->eof)
        return;
    slot->eof = true;
    if (slot->lag) { /* nobody can tell whether it still reads: its lines count, no more is shown */
        pump_lag_drop(slot);
        slot->live = SESSION_NONE;
        slot->choked = false;
    }
    if (!slot->reason)
        slot->reason = xstrdup(reason);
    pump_mark_ready(pump, slot);
}

void pump_sent(struct pump *pump, uint64_t session)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot)
        return;
    slot->taken_ms = (uint32_t)pump->now_ms;
    pump_lag_sent(pump, slot);
    if (!slot->choked || slot->lag || slot->out.bytes > PUMP_REPLY_BYTES / 2)
        return;
    slot->choked = false;
    pump_mark_ready(pump, slot);
}

/* Lines. */

static enum linebuf_result next_line(struct slot *slot, struct line *line)
{
    *line = (struct line){0};
    if (slot->overlong) {
        slot->overlong = false;
        return LINE_TOO_LONG;
    }
    enum linebuf_result how = linebuf_next(&slot->in, line);
    bool rest = how == LINE_NONE && slot->eof && !slot->forms->ops->whole_lines;
    return rest ? linebuf_rest(&slot->in, line) : how;
}

/* Gives the door one line; false when it has to wait until nothing of the session is in flight. */
static bool step_line(struct pump *pump, struct slot *slot, enum linebuf_result how,
                      struct line line)
{
    if (hub_in_flight(pump->hub, slot->session) == 0) {
        enum door_result result = slot->forms->ops->line(slot->record, how, line.data, line.len);
        assert(result == DOOR_DONE); /* there is nothing to wait for */
        (void)result;
        return true;
    }
    /* The door may change what it is given, and what waits has to stay as it came. */
    str_reset(&pump->line);
    if (line.data)
        str_add(&pump->line, line.data, line.len + 1); /* its NUL, too: an empty line is writable */
    char *copy = line.data ? pump->line.data : NULL;
    if (slot->forms->ops->line(slot->record, how, copy, line.len) == DOOR_DONE)
        return true;
    if (how == LINE_TOO_LONG)
        slot->overlong = true;
    else
        linebuf_unread(&slot->in);
    return false;
}

/* All lines are stepped and no more will come: it leaves, once its own words are through. */
static void step_eof(struct pump *pump, struct slot *slot)
{
    if (hub_in_flight(pump->hub, slot->session) > 0)
        slot->held = true;
    else
        pump_leave(pump, slot, slot->reason);
}

/* Steps lines of one connection, and queues it again if it may have more. */
static void step_lines(struct pump *pump, struct slot *slot)
{
    for (int i = 0; i < PUMP_LINES_PER_PASS; i++) {
        /* After its end there is only so much that it can still ask for. */
        slot->choked = !slot->eof && (slot->lag || slot->out.bytes > PUMP_REPLY_BYTES);
        if (slot->choked)
            return;
        slot->crowded = hub_in_flight(pump->hub, slot->session) >= PUMP_IN_FLIGHT ||
                        slot->log_bytes >= PUMP_IN_FLIGHT_BYTES;
        slot->held = slot->asked > 0 || slot->crowded || pump_answer_waits(slot);
        if (slot->held || !pump_rate_allows(pump, slot))
            return;
        struct line line;
        enum linebuf_result how = next_line(slot, &line);
        if (how == LINE_NONE) {
            slot->flooding = false;
            if (slot->eof)
                step_eof(pump, slot);
            return;
        }
        slot->held = !step_line(pump, slot, how, line);
        pump->turn_lines++;
        if (!slot->held)
            pump_rate_took(pump, slot);
        if (!slot->held && how == LINE_TOO_LONG)
            gate_log(&pump->gate, slot->session, "it sent a line that was too long");
        if (slot->held || slot->state != SLOT_OPEN)
            return;
    }
    pump_mark_ready(pump, slot);
}

bool pump_lines_enough(const struct pump *pump)
{
    return pump->turn_bytes >= PUMP_TURN_BYTES || pump->turn_lines >= PUMP_TURN_LINES ||
           pump_log_full(pump);
}

void pump_lines_step(struct pump *pump)
{
    struct list batch;
    list_init(&batch);
    list_move_all(&batch, &pump->ready);
    while (!list_empty(&batch) && !pump_lines_enough(pump)) {
        struct slot *slot = list_entry(list_first(&batch), struct slot, queue);
        list_remove(&slot->queue);
        step_lines(pump, slot);
        if (slot->paused && linebuf_waiting(&slot->in) <= PUMP_INPUT_BYTES / 2)
            pump_mark_dirty(pump, slot);
    }
    /* Those that had no go are the first of the next pass. */
    list_move_all(&batch, &pump->ready);
    list_move_all(&pump->ready, &batch);
}
