/* Taking back what was said: the author for a while, those who run the room at any time. */
#include "server/core/rules/redaction.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/reading.h"
#include "server/core/rules/recipients.h"

/* An author is known by his account, else by a nick that he has held ever since. */
static bool is_author(struct hub *hub, const struct session *session, const struct event *entry)
{
    const char *name = entry->who.account != NULL ? entry->who.account : entry->who.nick;
    const char *own = entry->who.account != NULL ? session->account : session->nick;
    if (own == NULL || (entry->who.account == NULL && entry->time_ms < session->named_ms))
        return false;
    name_key(hub->key, own);
    char *key = xmemdup0(hub->key->data, hub->key->len);
    name_key(hub->key, name);
    bool same = strcmp(hub->key->data, key) == 0;
    free(key);
    return same;
}

static bool runs_room(const struct session *session, const struct room *room)
{
    const struct member *member = room != NULL ? room_member(room, session) : NULL;
    if (member == NULL || !member->in)
        return false;
    return rank_reaches(member->ranks, RANK_HALF) || (session->flags & SESSION_OPERATOR) != 0;
}

static enum refusal may_redact(struct hub *hub, const struct session *session,
                               const struct room *room, const struct event *entry)
{
    if (entry->type != EVENT_SPEECH || entry->redacted ||
        !reading_allows(hub, session->connections->id, entry))
        return REFUSED_NO_SUCH_ENTRY;
    if (runs_room(session, room))
        return REFUSED_NOTHING;
    if (!is_author(hub, session, entry))
        return REFUSED_NOT_YOURS;
    bool late = hub->now_ms - entry->time_ms > hub->config.max_redact_ms;
    return late ? REFUSED_TOO_LATE : REFUSED_NOTHING;
}

/* Who is told of a change in a conversation: the other one, if he may read it. */
static uint64_t other_one(struct hub *hub, const struct session *session, const struct event *entry)
{
    const char *nick = reading_target(hub, session->connections->id, entry->log);
    const struct session *other = nick != NULL ? hub_holder(hub, nick) : NULL;
    return other != NULL && reading_allows(hub, other->connections->id, entry) ? session_id(other)
                                                                               : SESSION_NONE;
}

void redaction_redact(struct step *step)
{
    const struct command *command = step->command;
    const struct event *entry = command->event;
    struct room *room = hub_room_of_log(step->hub, entry->log);
    enum refusal refusal = may_redact(step->hub, step->session, room, entry);
    if (refusal != REFUSED_NOTHING) {
        step_refuse_about(step, refusal, command->target, entry->id);
        return;
    }
    const char *other =
        room == NULL ? reading_target(step->hub, step->connection->id, entry->log) : NULL;
    struct event event = {
        .type = EVENT_REDACT,
        .rank = entry->rank,
        .who = session_who(step->session),
        .log = entry->log,
        .target = outbox_copy(step->out, room != NULL ? room->name : other),
        .object = entry->id,
        .text = command->text,
    };
    if (room != NULL)
        room->in_flight++;
    else
        event.peer = other_one(step->hub, step->session, entry);
    step_append(step, event);
}

static void deliver_to_two(struct step *step, const struct event *event)
{
    size_t count;
    const uint64_t *recipients = recipients_pair(step, hub_person(step->hub, event->session),
                                                 hub_person(step->hub, event->peer), &count);
    step_deliver(step, event, recipients, count, SESSION_NONE);
}

void redaction_tailed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    redaction_failed(step, event); /* it has landed, too */
    if (room == NULL) {
        deliver_to_two(step, event);
    } else if (event->rank == 0) {
        step_deliver(step, event, room->roster, room->roster_count, SESSION_NONE);
    } else {
        size_t count;
        const uint64_t *recipients = recipients_of_rank(step, room, event->rank, &count);
        step_deliver(step, event, recipients, count, SESSION_NONE);
    }
    step_note_shown(step, event);
}

void redaction_failed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    if (room != NULL && event->session != SESSION_NONE && room->in_flight > 0)
        room->in_flight--;
}
