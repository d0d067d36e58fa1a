#include "server/pump.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/gate.h"
#include "server/pump_internal.h"

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

/* What arrives. */

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
        slot->held = slot->asked > 0 || slot->crowded;
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
            gate_noise(&pump->gate, slot->session, "it sent a line that was too long");
        if (slot->held || slot->state != SLOT_OPEN)
            return;
    }
    pump_mark_ready(pump, slot);
}

/* Whether what was done is to be sent, or written, before more is. */
static bool has_enough(const struct pump *pump)
{
    return pump->turn_bytes >= PUMP_TURN_BYTES || pump->turn_lines >= PUMP_TURN_LINES ||
           pump_log_full(pump);
}

/* One go for every connection that has lines now, until the turn has enough to send. */
static void step_ready(struct pump *pump)
{
    struct list batch;
    list_init(&batch);
    list_move_all(&batch, &pump->ready);
    while (!list_empty(&batch) && !has_enough(pump)) {
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

/* The turn. */

/* Makes a session leave that would rather stay. */
static void cut(struct pump *pump, struct slot *slot, const char *why)
{
    const struct session *session = hub_session(pump->hub, slot->session);
    if (session && pump->owner.cut)
        pump->owner.cut(pump->owner.ctx, session->address, why);
    pump_leave(pump, slot, why);
}

/* Ends the sessions that cannot be told all they should be. */
static void cut_off(struct pump *pump)
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
            cut(pump, slot, words[slot->cut]);
    }
    pump->cutting = false;
}

/* Says farewell to all that are leaving, and frees their records. */
static void reap(struct pump *pump)
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

void pump_turn(struct pump *pump, int64_t now_ms)
{
    set_time(pump, now_ms);
    pump->turn_bytes = 0;
    pump->turn_lines = 0;
    pump_rewind(pump);
    pump_settle(pump);
    pump_lag_turn(pump);
    for (int pass = 0; pass < PUMP_PASSES_PER_TURN; pass++) {
        if (list_empty(&pump->ready) || has_enough(pump))
            break;
        step_ready(pump);
        pump_settle(pump);
    }
    cut_off(pump);
    reap(pump);
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
    if (slot->out.bytes == 0)
        slot->taken_ms = (uint32_t)pump->now_ms;
    if (slot_since(slot->taken_ms, pump->now_ms) < pump->stuck_ms)
        return false;
    char why[64];
    snprintf(why, sizeof why, "Took nothing for %lld seconds", (long long)(pump->stuck_ms / 1000));
    slot->aborted = true;
    cut(pump, slot, why);
    return true;
}

/* Those who wait for their turn, or to be shown what they missed, are not to blame for silence. */
static bool is_waiting(const struct slot *slot)
{
    return slot->lag || slot->choked || !list_empty(&slot->queue);
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
            cut(pump, slot, "Excess flood");
            continue;
        }
        pump_lag_tick(pump, slot);
        if (!is_waiting(slot))
            slot->forms->ops->tick(slot->record, pump->now_ms);
    }
    store_tick(pump->store, pump->now_ms);
}

/* The gate. */

void gate_step(struct gate *gate, const struct command *command)
{
    pump_step(gate->pump, command);
}

const struct hub *gate_hub(const struct gate *gate)
{
    return gate->pump->hub;
}

int64_t gate_now(const struct gate *gate)
{
    return gate->pump->now_ms;
}

uint64_t gate_delivery(const struct gate *gate)
{
    return gate->pump->delivery;
}

void gate_write(struct gate *gate, uint64_t session, const void *bytes, size_t len)
{
    struct slot *slot = pump_slot(gate->pump, session);
    if (!slot || slot->state > SLOT_LEAVING)
        return;
    pump_catch_up(gate->pump, slot);
    outq_add(&slot->out, chunk_write(&gate->pump->replies, bytes, len));
    pump_mark_dirty(gate->pump, slot);
}

void gate_audit(struct gate *gate, const struct deed *deed)
{
    struct pump *pump = gate->pump;
    if (pump->owner.audit)
        pump->owner.audit(pump->owner.ctx, deed, pump->now_ms);
}

void gate_noise(struct gate *gate, uint64_t session, const char *what)
{
    const struct pump *pump = gate->pump;
    const struct session *from = hub_session(pump->hub, session);
    if (from && pump->owner.noticed)
        pump->owner.noticed(pump->owner.ctx, from->address, what);
}
