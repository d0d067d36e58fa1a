/* The second half of a turn: carrying out the hub's effects, and the store's side of it.
 *
 * Steps do not nest: while effects are carried out, the lists in them are borrowed
 * from the hub. An append that the store refuses is told to the hub when all other
 * effects of its step are done. */
#include "server/pump/effects.h"

#include <assert.h>
#include <string.h>

#include "server/pump/batch.h"
#include "server/pump/cover.h"
#include "server/pump/lag.h"
#include "server/pump/leave.h"
#include "server/pump/own.h"
#include "server/pump/read.h"
#include "server/pump/slots.h"
#include "server/pump/tell.h"

enum {
    EVENT_FRAME_BYTES = 128, /* about what a wire adds to an event's text */
};

void pump_rewind(struct pump *pump)
{
    pump_batch_close(pump);
    chunk_writer_rewind(&pump->replies);
    for (uint32_t i = 0; i < pump->door_count; i++) {
        struct forms *forms = &pump->doors[i].forms;
        for (unsigned class = 0; class < DOOR_CLASSES_MAX; class ++)
            chunk_writer_rewind(&forms->writers[class]);
        for (unsigned group = 0; group < DOOR_GROUPS_MAX; group++)
            chunk_writer_rewind(&forms->parts[group].writer);
    }
}

void pump_make_form(struct pump *pump, struct forms *forms, unsigned class,
                    const struct event *event)
{
    assert(class < DOOR_CLASSES_MAX);
    str_reset(&pump->scratch);
    forms->door->ops->format(forms->door->ctx, class, event, &pump->scratch);
    assert(!pump->scratch.overflow);
    forms->extents[class] =
        chunk_write(&forms->writers[class], pump->scratch.data, pump->scratch.len);
    forms->made |= UINT64_C(1) << class;
}

void pump_deliver_to(struct pump *pump, struct slot *slot, const struct event *event)
{
    pump_catch_up(pump, slot);
    if ((slot->lag || slot->out.bytes > pump->pending_bytes) &&
        pump_lag_divert(pump, slot, event)) {
        if (slot->lag)
            pump_batch_leave(pump, slot);
        return;
    }
    unsigned class = slot->forms->ops->class(slot->record, event);
    outq_add(&slot->out, *pump_form(pump, slot->forms, class, event));
    pump_mark_dirty(pump, slot);
}

static void deliver(struct pump *pump, const struct effect *effect)
{
    for (uint32_t i = 0; i < pump->door_count; i++)
        pump->doors[i].forms.made = 0;
    pump->delivery++;
    if (effect->roster != 0) {
        pump_batch_add(pump, effect);
        return;
    }
    bool ahead = effect->event.type > EVENT_LOGGED_LAST && pump_is_ahead(pump);
    for (size_t i = 0; i < effect->recipient_count; i++) {
        uint64_t session = effect->recipients[i];
        struct slot *slot = pump->slots[session_slot(session)];
        if (slot == NULL || slot->live != session || session == effect->except)
            continue;
        if (ahead)
            pump_cover(pump, slot, pump->facts_shown);
        pump_deliver_to(pump, slot, &effect->event);
    }
}

static void note(struct pump *pump, const struct effect *effect)
{
    struct slot *slot = pump_slot(pump, effect->session);
    if (slot && slot->live != SESSION_NONE &&
        !pump_lag_note(pump, slot, &effect->note, &effect->event))
        slot->forms->ops->note(slot->record, &effect->note, &effect->event);
}

static void end(struct pump *pump, const struct effect *effect)
{
    struct slot *slot = pump_slot(pump, effect->session);
    if (slot)
        pump_mark_leaving(pump, slot, effect->value);
}

/* About what an event takes in a queue; the same when it comes back. */
static uint32_t event_bytes(const struct event *event)
{
    return EVENT_FRAME_BYTES + (uint32_t)((event->text ? strlen(event->text) : 0) +
                                          (event->tags ? strlen(event->tags) : 0));
}

static bool append(struct pump *pump, const struct event *event)
{
    if (store_append(pump->store, event) != STORE_OK)
        return false;
    uint32_t bytes = event_bytes(event);
    struct slot *slot = pump_slot(pump, event->session);
    if (slot)
        slot->log_bytes += bytes;
    pump->log_bytes += bytes;
    pump->turn_bytes += bytes;
    pump->uncommitted = true;
    return true;
}

/* A fact goes the way of the entries before it. Nobody waits for it, so there is nobody to refuse. */
static void keep(struct pump *pump, const struct effect *effect)
{
    if (!pump_put(pump, effect->key, effect->value, effect->aside) && pump->owner.lost)
        pump->owner.lost(pump->owner.ctx, effect->key);
}

static void audit(struct pump *pump, const struct effect *effect)
{
    const struct event *event = &effect->event;
    const struct audit_record record = {
        .did = effect->key,
        .by = event->who,
        .whom = event->object,
        .where = event->target,
        .why = event->text,
        .until_ms = event->time_ms,
    };
    if (pump->owner.audit)
        pump->owner.audit(pump->owner.ctx, &record, pump->now_ms);
}

void pump_tell(struct pump *pump, const struct effect *effect)
{
    if (effect->type == EFFECT_DELIVER)
        deliver(pump, effect);
    else
        note(pump, effect);
}

/* Carries out one effect; false for an append that the store refused. */
static bool carry_out(struct pump *pump, const struct effect *effect)
{
    switch (effect->type) {
    case EFFECT_APPEND:
        return append(pump, &effect->event);
    case EFFECT_DELIVER:
        deliver(pump, effect);
        break;
    case EFFECT_NOTE:
        note(pump, effect);
        break;
    case EFFECT_KEEP:
        keep(pump, effect);
        break;
    case EFFECT_AUDIT:
        audit(pump, effect);
        break;
    case EFFECT_END:
        end(pump, effect);
        break;
    }
    return true;
}

/* Steps with an outbox of the caller's; returns how many appends were refused, which are then at the
 * beginning of the outbox. */
static size_t step_into(struct pump *pump, const struct command *command, struct outbox *box)
{
    assert(!pump->stepping);
    pump->stepping = true;
    hub_step(pump->hub, pump->now_ms, command, box);
    pump_foresee(pump, box);
    size_t refused = 0;
    struct outbox *told = NULL;
    for (size_t i = 0; i < box->count; i++) {
        if (box->effects[i].settled)
            pump_tell_later(&told, &box->effects[i]);
        else if (!carry_out(pump, &box->effects[i]))
            box->effects[refused++] = box->effects[i];
    }
    pump->stepping = false;
    pump_tell_settled(pump, command->session, told);
    return refused;
}

void pump_step(struct pump *pump, const struct command *command)
{
    size_t refused = step_into(pump, command, &pump->box);
    for (size_t i = 0; i < refused; i++) {
        struct command failed = {.type = COMMAND_FAILED, .event = &pump->box.effects[i].event};
        size_t again = step_into(pump, &failed, &pump->failed_box);
        assert(again == 0); /* the hub answers a failure with words, not with another entry */
        (void)again;
        outbox_reset(&pump->failed_box);
    }
    outbox_reset(&pump->box);
}

/* An entry is no longer in flight. */
static void count_landed(struct pump *pump, const struct event *event)
{
    uint32_t bytes = event_bytes(event);
    struct slot *slot = pump_slot(pump, event->session);
    assert(pump->log_bytes >= bytes && (!slot || slot->log_bytes >= bytes));
    pump->log_bytes -= bytes;
    if (slot)
        slot->log_bytes -= bytes;
}

/* The next line of this session may be due. */
static void let_go(struct pump *pump, uint64_t session)
{
    struct slot *slot = pump_slot(pump, session);
    if (!slot || !slot->held || slot->asked > 0)
        return;
    size_t few = slot->crowded ? PUMP_IN_FLIGHT / 2 : 0;
    if (hub_in_flight(pump->hub, session) <= few && slot->log_bytes <= PUMP_IN_FLIGHT_BYTES / 2) {
        slot->held = false;
        pump_mark_ready(pump, slot);
    }
}

/* An entry has come back, one way or the other. A kick held back two. */
static void landed(struct pump *pump, enum command_type type, const struct event *event,
                   const struct event *first)
{
    struct command command = {.type = type, .event = event, .first = first};
    count_landed(pump, event);
    pump->repeating = type == COMMAND_REPEATED;
    pump_step(pump, &command);
    pump->repeating = false;
    let_go(pump, event->session);
    const struct session *kicked =
        event->type == EVENT_KICK ? hub_person(pump->hub, event->peer) : NULL;
    for (const struct connection *connection = kicked ? kicked->connections : NULL; connection;
         connection = connection->next)
        let_go(pump, connection->id);
}

static void on_tailed(void *ctx, const struct event *event)
{
    struct pump *pump = ctx;
    landed(pump, COMMAND_TAILED, event, NULL);
    if (pump->owner.tailed)
        pump->owner.tailed(pump->owner.ctx, event);
}

static void on_failed(void *ctx, const struct event *event)
{
    landed(ctx, COMMAND_FAILED, event, NULL);
}

static void on_repeated(void *ctx, const struct event *event, const struct event *first)
{
    landed(ctx, COMMAND_REPEATED, event, first);
}

static void on_kept(void *ctx)
{
    pump_kept(ctx);
}

static void on_unread(void *ctx, const char *reason)
{
    const struct pump *pump = ctx;
    if (pump->owner.unread)
        pump->owner.unread(pump->owner.ctx, reason);
}

static void on_page(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                    size_t count)
{
    pump_read_page(ctx, token, result, events, count);
}

static void on_targets(void *ctx, uint64_t token, enum store_result result,
                       const struct store_target *targets, size_t count)
{
    pump_read_targets(ctx, token, result, targets, count);
}

static void on_claimed(void *ctx, uint64_t token, enum store_result result, const char *owner)
{
    (void)owner;
    pump_own_claimed(ctx, token, result);
}

static void on_state(void *ctx, enum store_state state, const char *reason)
{
    struct pump *pump = ctx;
    struct command command = {.type = COMMAND_STORE, .store_up = state == STORE_UP};
    pump->log_down = state != STORE_UP;
    pump_step(pump, &command);
    if (pump->owner.store)
        pump->owner.store(pump->owner.ctx, state, reason);
}

static void on_wake(void *ctx)
{
    struct pump *pump = ctx;
    if (pump->owner.wake)
        pump->owner.wake(pump->owner.ctx);
}

struct store_listener pump_store_listener(struct pump *pump)
{
    return (struct store_listener){
        .ctx = pump,
        .state = on_state,
        .tailed = on_tailed,
        .repeated = on_repeated,
        .failed = on_failed,
        .kept = on_kept,
        .unread = on_unread,
        .page = on_page,
        .targets = on_targets,
        .claimed = on_claimed,
        .wake = on_wake,
    };
}

void pump_settle(struct pump *pump)
{
    if (pump->uncommitted)
        store_commit(pump->store);
    pump->uncommitted = false;
    store_poll(pump->store);
    pump_uncover(pump);
}
