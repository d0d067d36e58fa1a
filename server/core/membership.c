/* Joins and departures. */
#include <string.h>

#include "server/core/hub_internal.h"
#include "server/core/names.h"

/* An empty room that nothing refers to makes place for a new one; the topic of the one that has been
 * empty is lost, which is the answer to a full table. */
static bool make_place(struct hub *hub)
{
    if (hub->rooms.len < hub->config.max_rooms)
        return true;
    struct room *oldest = NULL;
    struct table_walk walk = {0};
    for (struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        bool idle = room->member_count == 0 && room->roster_count == 0 && room->in_flight == 0;
        if (!idle || room->permanent || room->topic != NULL)
            continue;
        if (oldest == NULL || room->created_ms < oldest->created_ms)
            oldest = room;
    }
    if (oldest == NULL)
        return false;
    table_remove(&hub->rooms, oldest->key, strlen(oldest->key));
    room_free(oldest);
    return true;
}

/* The room of that name, made if need be; NULL when there is no place for it. */
static struct room *open_room(struct hub *hub, const char *name)
{
    struct room *room = hub_room(hub, name);
    if (room != NULL)
        return room;
    if (!make_place(hub))
        return NULL;
    name_key(hub->key, name);
    room = room_new(name, hub->key->data, hub->now_ms);
    room->members_only = true;
    room->topic_locked = true;
    table_put(&hub->rooms, room->key, strlen(room->key), room);
    return room;
}

static void append_membership(struct step *step, struct member *member, enum event_type type,
                              const char *text)
{
    step_append(step, (struct event){
                          .type = type,
                          .who = session_who(step->session),
                          .log = member->room->name,
                          .target = member->room->name,
                          .text = text,
                      });
    member->in_flight++;
    member->room->in_flight++;
}

void membership_join_room(struct step *step, const char *name)
{
    struct hub *hub = step->hub;
    struct session *session = step->session;
    if (!name_is_room(name, hub->config.max_room_name_bytes)) {
        step_refuse(step, REFUSED_ROOM_NAME_BAD, name);
        return;
    }
    struct room *room = hub_room(hub, name);
    const struct member *member = room != NULL ? room_member(room, session) : NULL;
    if (member != NULL && member->in) {
        step_refuse(step, REFUSED_ALREADY_IN_ROOM, name);
        return;
    }
    if (session->room_count >= hub->config.max_rooms_per_session) {
        step_refuse(step, REFUSED_TOO_MANY_ROOMS, name);
        return;
    }
    room = open_room(hub, name);
    if (room == NULL) {
        step_refuse(step, REFUSED_NO_MORE_ROOMS, name);
        return;
    }
    bool founds = room->member_count == 0 && !room->permanent;
    struct member *joined = room_admit(room, session);
    joined->operator = founds;
    append_membership(step, joined, EVENT_JOIN, session->realname);
}

void membership_join(struct step *step)
{
    membership_join_room(step, step->command->target);
}

void membership_part(struct step *step)
{
    const char *name = step->command->target;
    struct room *room = hub_room(step->hub, name);
    if (room == NULL) {
        step_refuse(step, REFUSED_NO_SUCH_ROOM, name);
        return;
    }
    struct member *member = room_member(room, step->session);
    if (member == NULL || !member->in) {
        step_refuse(step, REFUSED_NOT_IN_ROOM, name);
        return;
    }
    append_membership(step, member, EVENT_PART, step->command->text);
    room_dismiss(member);
}

/* The record that an entry about membership speaks of, counted as landed; NULL for a stranger. */
static struct member *landed(struct step *step, const struct event *event)
{
    struct room *room = hub_room(step->hub, event->log);
    struct session *session = hub_by_id(step->hub, event->session);
    if (room == NULL || session == NULL)
        return NULL;
    struct member *member = room_member(room, session);
    if (member == NULL)
        return NULL;
    member->in_flight--;
    room->in_flight--;
    return member;
}

void membership_join_tailed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    const struct room *room = member->room;
    bool here = !member->session->gone;
    if (here)
        room_seat(member);
    step_deliver(step, event, room->roster, room->roster_count, SESSION_NONE);
    if (here)
        step_note(step, event->session, NOTE_JOINED, event);
    room_settle(member);
}

void membership_part_tailed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    const struct room *room = member->room;
    /* The roster changes under the effect, so the recipients are a copy. */
    uint64_t *recipients = outbox_sessions(step->out, room->roster_count);
    memcpy(recipients, room->roster, room->roster_count * sizeof *recipients);
    step_deliver(step, event, recipients, room->roster_count, SESSION_NONE);
    if (!member->session->gone)
        step_note(step, event->session, NOTE_DONE, event);
    room_unseat(member);
    room_settle(member);
}

/* What was decided and could not be written is undone; nobody has seen it. */
void membership_join_failed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    if (member->in)
        room_dismiss(member);
    room_settle(member);
}

void membership_part_failed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    if (!member->in && !member->session->gone) {
        bool operator = member->operator;
        room_admit(member->room, member->session)->operator = operator;
    }
    room_settle(member);
}
