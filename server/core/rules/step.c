/* What the rules add to the outbox: answers, proposals to a log, deliveries, facts. */
#include "server/core/rules/step.h"

#include "server/core/record.h"

void step_refuse_about(struct step *step, enum refusal refusal, const char *target,
                       const char *object)
{
    struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
    effect->session = step->command->session;
    effect->note = (struct note){
        .type = NOTE_REFUSED,
        .refusal = refusal,
        .command = step->command->type,
        .target = outbox_copy(step->out, target),
        .object = outbox_copy(step->out, object),
    };
}

void step_refuse(struct step *step, enum refusal refusal, const char *target)
{
    step_refuse_about(step, refusal, target, NULL);
}

void step_done(struct step *step, const char *target, const char *object)
{
    struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
    effect->session = step->command->session;
    effect->note = (struct note){
        .type = NOTE_DONE,
        .command = step->command->type,
        .target = outbox_copy(step->out, target),
        .object = outbox_copy(step->out, object),
    };
}

void step_settle(struct step *step, size_t first)
{
    bool keeps = false;
    for (size_t i = first; i < step->out->count; i++)
        keeps = keeps || step->out->effects[i].type == EFFECT_KEEP;
    for (size_t i = first; keeps && i < step->out->count; i++) {
        struct effect *effect = &step->out->effects[i];
        effect->settled = effect->type == EFFECT_NOTE || effect->type == EFFECT_DELIVER;
    }
}

struct member *step_member(struct step *step, const char *name, struct room **room)
{
    *room = hub_room(step->hub, name);
    if (*room == NULL) {
        step_refuse(step, REFUSED_NO_SUCH_ROOM, name);
        return NULL;
    }
    struct member *member = room_member(*room, step->session);
    if (member != NULL && member->in)
        return member;
    bool seen = hub_sees_room(step->session, *room);
    step_refuse(step, seen ? REFUSED_NOT_IN_ROOM : REFUSED_NO_SUCH_ROOM,
                seen ? (*room)->name : name);
    return NULL;
}

void step_keep_room(struct step *step, const struct room *room)
{
    struct str value;
    str_init(&value, SIZE_MAX / 4);
    str_adds(&value, HUB_ROOM_FACT);
    str_adds(&value, room->log);
    const char *key = outbox_copy(step->out, value.data);
    str_reset(&value);
    record_write(&value, room);
    const char *text = outbox_copy(step->out, value.data);
    str_release(&value);
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = key;
    effect->value = text;
}

void step_note(struct step *step, uint64_t session, enum note_type type, const struct event *event)
{
    struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
    effect->session = session;
    effect->note = (struct note){.type = type, .command = step->command->type};
    /* The event of a note is the one that came out of the tail; it outlives the step's effects. */
    if (event != NULL)
        effect->event = *event;
}

void step_note_shown(struct step *step, const struct event *event)
{
    if (hub_session(step->hub, event->session) != NULL)
        step_note(step, event->session, NOTE_SHOWN, event);
}

struct who step_who(struct step *step, const struct session *session)
{
    const struct event event = {.who = session_who(session)};
    return outbox_copy_event(step->out, &event).who;
}

const char *step_name(struct step *step, const struct session *session)
{
    struct str text;
    str_init(&text, SIZE_MAX / 4);
    str_addf(&text, "%s!%s@%s", session->nick, session->user != NULL ? session->user : "*",
             session->address);
    const char *copy = outbox_copy(step->out, text.data);
    str_release(&text);
    return copy;
}

void step_audit(struct step *step, const struct audit_record *record)
{
    struct event event = {
        .object = record->whom,
        .target = record->where,
        .text = record->why,
        .time_ms = record->until_ms,
    };
    if (step->session != NULL) {
        event.who = session_who(step->session);
        event.who.host = step->session->address;
    }
    struct effect *effect = outbox_add(step->out, EFFECT_AUDIT);
    effect->key = record->did;
    effect->event = outbox_copy_event(step->out, &event);
}

void step_append_own(struct step *step, struct event event)
{
    event.time_ms = step->hub->now_ms;
    hub_new_id(step->hub, event.id);
    struct effect *effect = outbox_add(step->out, EFFECT_APPEND);
    effect->event = outbox_copy_event(step->out, &event);
}

void step_append(struct step *step, struct event event)
{
    struct hub *hub = step->hub;
    event.session = step->connection->id;
    event.time_ms = hub->now_ms;
    if (event.id[0] == '\0')
        hub_new_id(hub, event.id);
    struct effect *effect = outbox_add(step->out, EFFECT_APPEND);
    effect->event = outbox_copy_event(step->out, &event);
    step->session->in_flight++;
    step->connection->in_flight++;
}

void step_append_to_rooms(struct step *step, enum event_type type, const char *text)
{
    struct event event = {.type = type, .who = session_who(step->session), .text = text};
    hub_new_id(step->hub, event.id);
    for (struct member *member = step->session->members; member != NULL;
         member = member->next_of_session) {
        if (!member->in)
            continue;
        event.log = member->room->log;
        event.target = member->room->name;
        step_append(step, event);
        member->room->in_flight++;
        member->in_flight++;
    }
}

void step_deliver(struct step *step, const struct event *event, const uint64_t *recipients,
                  size_t count, uint64_t except)
{
    if (count == 0)
        return;
    struct effect *effect = outbox_add(step->out, EFFECT_DELIVER);
    effect->event = *event;
    effect->recipients = recipients;
    effect->recipient_count = count;
    effect->except = except;
}

void step_deliver_roster(struct step *step, const struct event *event, struct room *room,
                         uint64_t except)
{
    if (room->roster_count == 0)
        return;
    if (room->roster_number == 0)
        room->roster_number = ++step->hub->last_roster;
    step_deliver(step, event, room->roster, room->roster_count, except);
    step->out->effects[step->out->count - 1].roster = room->roster_number;
}
