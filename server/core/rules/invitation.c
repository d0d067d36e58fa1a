#include "server/core/rules/invitation.h"

#include "server/core/modes.h"
#include "server/core/rules/recipients.h"

enum {
    KNOCK_EVERY_MS = 30 * 1000,
};

/* Tells the guest, and those who run the room, of an invitation or a knock. */
static void tell_keepers(struct step *step, enum event_type type, const struct room *room,
                         const struct session *guest)
{
    struct event event = {
        .type = type,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .who = session_who(step->session),
        .target = room->name,
        .object = guest != NULL ? guest->nick : NULL,
    };
    hub_new_id(step->hub, event.id);
    size_t count;
    if (guest != NULL) {
        event.peer = session_id(guest);
        const uint64_t *recipients = recipients_person(step, guest, &count);
        step_deliver(step, &event, recipients, count, SESSION_NONE);
    }
    const uint64_t *keepers = recipients_of_rank(step, room, RANK_HALF, &count);
    step_deliver(step, &event, keepers, count, step->connection->id);
}

void invitation_invite(struct step *step)
{
    struct room *room;
    const struct member *member = step_member(step, step->command->target, &room);
    if (member == NULL)
        return;
    const struct session *guest = hub_holder(step->hub, step->command->object);
    if (guest == NULL || !guest->entered) {
        step_refuse(step, REFUSED_NO_SUCH_NICK, step->command->object);
        return;
    }
    if ((room->flags & ROOM_INVITE_ONLY) != 0 && !rank_reaches(member->ranks, RANK_HALF)) {
        step_refuse(step, REFUSED_NOT_OPERATOR, room->name);
        return;
    }
    const struct member *there = room_member(room, guest);
    if (there != NULL && there->in) {
        step_refuse_about(step, REFUSED_ALREADY_IN_ROOM, room->name, guest->nick);
        return;
    }
    /* Only the word of those who run the room opens its door; others just pass on its name. */
    if (rank_reaches(member->ranks, RANK_HALF))
        room_invite(room, session_id(guest));
    step_done(step, room->name, guest->nick);
    tell_keepers(step, EVENT_INVITE, room, guest);
}

void invitation_knock(struct step *step)
{
    const char *name = step->command->target;
    const struct room *room = hub_room(step->hub, name);
    if (room == NULL || !hub_sees_room(step->session, room)) {
        step_refuse(step, REFUSED_NO_SUCH_ROOM, name);
        return;
    }
    const struct member *member = room_member(room, step->session);
    if (member != NULL && member->in) {
        step_refuse(step, REFUSED_ALREADY_IN_ROOM, room->name);
        return;
    }
    if ((room->flags & ROOM_INVITE_ONLY) == 0 && room->password == NULL) {
        step_refuse(step, REFUSED_ROOM_OPEN, room->name);
        return;
    }
    struct session_aside *aside = session_open_aside(step->session);
    if (aside->knocked_ms != 0 && step->hub->now_ms - aside->knocked_ms < KNOCK_EVERY_MS) {
        step_refuse(step, REFUSED_KNOCKED, room->name);
        return;
    }
    aside->knocked_ms = step->hub->now_ms;
    step_done(step, room->name, NULL);
    tell_keepers(step, EVENT_KNOCK, room, NULL);
}
