/* Joins and departures. */
#include "server/core/rules/membership.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/modes.h"
#include "server/core/names.h"
#include "server/core/rules/access.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/describe.h"
#include "server/core/rules/forwarding.h"
#include "server/core/rules/rejoin.h"

static void forget_record(struct step *step, const struct room *room)
{
    struct str key;
    str_init(&key, strlen(HUB_ROOM_FACT) + strlen(room->log));
    str_adds(&key, HUB_ROOM_FACT);
    str_adds(&key, room->log);
    outbox_add(step->out, EFFECT_KEEP)->key = outbox_copy(step->out, key.data);
    str_release(&key);
}

/* From now on nobody knows of a log whether it is that of a room that was closed when it was forgotten. */
static void begin_to_forget(struct step *step)
{
    if (step->hub->forgetful)
        return;
    step->hub->forgetful = true;
    struct effect *effect = outbox_add(step->out, EFFECT_KEEP);
    effect->key = HUB_FORGETFUL_FACT;
    effect->value = "yes";
    effect->aside = true;
}

bool hub_restore_forgetful(struct hub *hub, const char *key, const char *value)
{
    bool known = strcmp(key, HUB_FORGETFUL_FACT) == 0 && strcmp(value, "yes") == 0;
    hub->forgetful |= known;
    return known;
}

/* The first of the rooms that nobody needs, and that nobody is still on the way out of. */
static struct room *spare_room(struct hub *hub)
{
    LIST_FOR(link, &hub->ledger.spare)
    {
        struct room *room = list_entry(link, struct room, in_spare);
        if (room->roster_count == 0 && room->in_flight == 0)
            return room;
    }
    return NULL;
}

/* An empty room that has neither topic nor owner makes place for a new one, the one left first. */
static bool make_place(struct step *step)
{
    struct hub *hub = step->hub;
    if (hub->rooms.len < hub->config.max_rooms)
        return true;
    struct room *room = spare_room(hub);
    if (room == NULL)
        return false;
    table_remove(&hub->rooms, room->key, strlen(room->key));
    table_remove(&hub->logs, room->log, strlen(room->log));
    confusables_close(hub, room);
    forwarding_drop(hub, room);
    begin_to_forget(step);
    forget_record(step, room);
    room_free(room);
    return true;
}

/* A log's name that is free: the room's own, unless a renamed room still writes under it, or one that
 * was forgotten may have. */
static char *free_log(struct hub *hub, const char *key)
{
    if (!hub->forgetful && hub_room_of_log(hub, key) == NULL)
        return xstrdup(key);
    char id[EVENT_ID_MAX];
    hub_new_id(hub, id);
    struct str log;
    str_init(&log, strlen(key) + EVENT_ID_MAX);
    str_addf(&log, "%s,%s", key, id); /* no room's name has a comma */
    return str_detach(&log);
}

/* Makes a room; NULL when there is no place for it. */
static struct room *open_room(struct step *step, const char *name)
{
    struct hub *hub = step->hub;
    if (!make_place(step))
        return NULL;
    name_key(hub->key, name);
    char *log = free_log(hub, hub->key->data);
    struct room *room = room_new(&hub->ledger, name, hub->key->data, log, hub->now_ms);
    free(log);
    room_reset(room);
    table_put(&hub->rooms, room->key, strlen(room->key), room);
    table_put(&hub->logs, room->log, strlen(room->log), room);
    confusables_open(hub, room);
    return room;
}

/* What somebody is in a room from his first moment: what it remembers of him, or the one who runs it
 * where nobody does. */
static unsigned first_ranks(struct room *room, const struct session *session)
{
    unsigned ranks = room_standing(room, session->account);
    if (room->member_count > 0 || room->permanent || room_has_owner(room))
        return ranks;
    if (room->abandoned)
        room_reset(room);
    return ranks | RANK_OPERATOR;
}

/* How many rooms an account keeps. */
static size_t founded_by(const struct hub *hub, const char *account)
{
    name_key(hub->key, account);
    return ledger_kept(&hub->ledger, hub->key->data);
}

/* Who opens a room that is nobody's, and can prove who he is, keeps it; of so many rooms as he may be
 * in, so that nobody takes all names away. */
static unsigned found(struct step *step, struct room *room, unsigned ranks)
{
    const struct session *session = step->session;
    bool keeps = step->hub->config.founders && session->account != NULL &&
                 (ranks & RANK_OPERATOR) != 0 && room->member_count == 0 && !room->permanent &&
                 !room_has_owner(room) &&
                 founded_by(step->hub, session->account) < step->hub->config.max_rooms_per_session;
    if (!keeps || !room_set_standing(room, session->account, ranks | RANK_KEEPER))
        return ranks;
    return ranks | RANK_KEEPER;
}

static void append_membership(struct step *step, struct member *member, enum event_type type,
                              const char *text)
{
    step_append(step, (struct event){
                          .type = type,
                          .who = session_who(step->session),
                          .realname = step->session->realname,
                          .log = member->room->log,
                          .target = member->room->name,
                          .text = text,
                      });
    member->in_flight++;
    member->room->in_flight++;
}

static void append_ranks(struct step *step, struct room *room, unsigned ranks)
{
    struct str text;
    str_init(&text, 16 + 5 * (strlen(step->session->nick) + 1));
    size_t count;
    const struct mode *modes = modes_all(&count);
    str_addc(&text, '+');
    size_t given = 0;
    for (size_t i = 0; i < count; i++) {
        if (modes[i].kind == MODE_RANK && (ranks & modes[i].bit) != 0) {
            str_addc(&text, modes[i].letter);
            given++;
        }
    }
    for (; given > 0; given--)
        str_addf(&text, " %s", step->session->nick);
    room->in_flight++;
    /* Nobody's doing: the server gives what the room remembers. */
    step_append(step, (struct event){
                          .type = EVENT_MODE,
                          .log = room->log,
                          .target = room->name,
                          .text = text.data,
                      });
    str_release(&text);
}

/* What has been said there so far is over; the time stands for it until the join has its position. */
static void seal(struct step *step, struct room *room)
{
    room->since = (struct since){.time_ms = step->hub->now_ms};
    room->sealed_by = step->connection->id;
}

static void seal_tailed(struct step *step, struct room *room, const struct event *join)
{
    if (join->session != room->sealed_by)
        return;
    room->since = (struct since){.time_ms = join->time_ms, .position = join->position - 1};
    room->sealed_by = SESSION_NONE;
    step_keep_room(step, room);
}

static void admit(struct step *step, struct room *room)
{
    struct session *session = step->session;
    bool alone = room->member_count == 0;
    /* What was said behind a closed door is not for whoever finds the house empty. */
    if (alone && access_earned(room, session, step->command->key) != REFUSED_NOTHING)
        seal(step, room);
    unsigned ranks = found(step, room, first_ranks(room, session));
    struct member *member = room_admit(room, session);
    member->ranks = ranks;
    room_uninvite(room, session_id(session));
    append_membership(step, member, EVENT_JOIN, NULL);
    rejoin_add(step, session, room);
    if (ranks != 0 && !alone)
        append_ranks(step, room, ranks);
    if (alone && !room->permanent)
        step_keep_room(step, room);
}

/* Whether a new room of that name would be taken for another one; then it refuses, and names that to
 * those who may know of it. */
static bool imitates(struct step *step, const char *name)
{
    const struct room *other = confusables_imitated_room(step->hub, NULL, name);
    if (other == NULL)
        return false;
    bool known = hub_sees_room(step->session, other);
    step_refuse_about(step, REFUSED_ROOM_ALIKE, name, known ? other->name : NULL);
    return true;
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
    enum refusal refusal =
        room != NULL ? access_join(room, session, step->command->key) : REFUSED_NOTHING;
    size_t most = hub->config.max_members;
    if (refusal == REFUSED_NOTHING && room != NULL && most > 0 && room->member_count >= most)
        refusal = REFUSED_ROOM_FULL;
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, room->name);
        return;
    }
    const char *now = hub_forwarded(hub, session, name);
    if (now != NULL) {
        step_refuse_about(step, REFUSED_ROOM_RENAMED, name, now);
        return;
    }
    if (room == NULL && imitates(step, name))
        return;
    if (room == NULL && (room = open_room(step, name)) == NULL) {
        step_refuse(step, REFUSED_NO_MORE_ROOMS, name);
        return;
    }
    admit(step, room);
}

void membership_join(struct step *step)
{
    membership_join_room(step, step->command->target);
}

void membership_part(struct step *step)
{
    struct room *room;
    struct member *member = step_member(step, step->command->target, &room);
    if (member == NULL)
        return;
    append_membership(step, member, EVENT_PART, step->command->text);
    rejoin_remove(step, step->session, room);
    room_dismiss(member);
}

void membership_kick(struct step *step)
{
    const struct command *command = step->command;
    struct room *room;
    const struct member *member = step_member(step, command->target, &room);
    if (member == NULL)
        return;
    struct session *session = hub_holder(step->hub, command->object);
    if (session == NULL || !session->entered) {
        step_refuse(step, REFUSED_NO_SUCH_NICK, command->object);
        return;
    }
    struct member *victim = room_member(room, session);
    if (victim == NULL || !victim->in) {
        step_refuse_about(step, REFUSED_THEY_NOT_IN_ROOM, room->name, session->nick);
        return;
    }
    bool above = victim != member && rank_exceeds(victim->ranks, member->ranks);
    if (!rank_reaches(member->ranks, RANK_HALF) || above) {
        step_refuse(step, REFUSED_NOT_OPERATOR, room->name);
        return;
    }
    step_append(step, (struct event){
                          .type = EVENT_KICK,
                          .who = session_who(step->session),
                          .peer = session_id(session),
                          .log = room->log,
                          .target = room->name,
                          .object = session->nick,
                          .text = command->text,
                      });
    step_audit(step, &(struct audit_record){.did = "KICK",
                                            .whom = step_name(step, session),
                                            .where = room->name,
                                            .why = command->text});
    room->in_flight++;
    victim->in_flight++;
    session->in_flight++;
    session->struck++;
    rejoin_remove(step, session, room);
    room_dismiss(victim);
}

/* The record that an entry about membership speaks of, counted as landed; NULL for a stranger. */
static struct member *landed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    uint64_t id = event->type == EVENT_KICK ? event->peer : event->session;
    struct session *session = hub_by_id(step->hub, id);
    if (room == NULL || session == NULL)
        return NULL;
    struct member *member = room_member(room, session);
    if (member == NULL)
        return NULL;
    member->in_flight--;
    room->in_flight--;
    return member;
}

/* Those in the room learn that the one who just came is away. */
static void tell_away(struct step *step, const struct room *room, const struct event *join)
{
    const struct session *session = hub_person(step->hub, join->session);
    if (session_away(session) == NULL)
        return;
    struct event event = {
        .type = EVENT_AWAY,
        .session = join->session,
        .time_ms = step->hub->now_ms,
        .who = session_who(session),
        .text = session_away(session),
    };
    hub_new_id(step->hub, event.id);
    step_deliver(step, &event, room->roster, room->roster_count, join->session);
}

void membership_join_tailed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    struct room *room = member->room;
    seal_tailed(step, room, event);
    bool here = !member->session->gone;
    if (here)
        room_seat(member);
    step_deliver(step, event, room->roster, room->roster_count, SESSION_NONE);
    if (here) {
        for (const struct connection *own = member->session->connections; own != NULL;
             own = own->next)
            step_note(step, own->id, NOTE_JOINED, event);
        tell_away(step, room, event);
        describe_newcomer(step, room, event);
    }
    room_settle(member);
}

static void departure_tailed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    const struct room *room = member->room;
    /* The roster changes under the effect, so the recipients are a copy; nobody has a seat if who
     * came was gone before the join was kept. */
    uint64_t *recipients = outbox_sessions(step->out, room->roster_count);
    if (room->roster_count > 0)
        memcpy(recipients, room->roster, room->roster_count * sizeof *recipients);
    step_deliver(step, event, recipients, room->roster_count, SESSION_NONE);
    step_note_shown(step, event);
    room_unseat(member);
    room_settle(member);
}

void membership_part_tailed(struct step *step, const struct event *event)
{
    departure_tailed(step, event);
}

void membership_kick_tailed(struct step *step, const struct event *event)
{
    departure_tailed(step, event);
}

/* A join that could not be written is undone; nobody has seen it. */
void membership_join_failed(struct step *step, const struct event *event)
{
    struct member *member = landed(step, event);
    if (member == NULL)
        return;
    rejoin_remove(step, member->session, member->room);
    if (member->room->sealed_by == event->session)
        member->room->sealed_by = SESSION_NONE;
    if (member->in)
        room_dismiss(member);
    room_settle(member);
}
