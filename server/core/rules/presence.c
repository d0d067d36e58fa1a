/* Who is here: connecting, entering, and leaving. */
#include "server/core/rules/presence.h"

#include <assert.h>
#include <string.h>

#include "common/hash.h"
#include "server/core/rules/bans.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/connections.h"
#include "server/core/rules/known.h"
#include "server/core/rules/membership.h"
#include "server/core/rules/naming.h"
#include "server/core/rules/owners.h"
#include "server/core/rules/people.h"
#include "server/core/rules/recipients.h"
#include "server/core/rules/rejoin.h"
#include "server/core/rules/watch.h"

void presence_connect(struct step *step)
{
    struct hub *hub = step->hub;
    const struct command *command = step->command;
    assert(hub_by_id(hub, command->session) == NULL);
    if (hub->connected >= hub->config.max_sessions) {
        step_refuse(step, REFUSED_NO_MORE_SESSIONS, NULL);
        return;
    }
    const char *address = command->address != NULL ? command->address : command->host;
    struct session *session =
        session_new(&hub->sessions, command->session, command->host, address, hub->now_ms);
    session->flags = (uint16_t)command->set;
    const struct ban *ban = bans_find(hub, session);
    if (ban != NULL) {
        bans_refuse(step, ban);
        session_free(session);
        struct effect *effect = outbox_add(step->out, EFFECT_END);
        effect->session = command->session;
        effect->value = "Banned";
        return;
    }
    session->first.secure = (command->set & SESSION_SECURE) != 0;
    registry_put(&hub->connections, &session->first);
    hub->connected++;
}

/* It is one more connection of somebody who is here. */
static void join_person(struct step *step, struct session *person)
{
    if (person->connection_count >= step->hub->config.max_connections)
        naming_lose(step, REFUSED_NICK_CROWDED);
    else
        connections_join(step, person);
}

/* Puts it into the rooms where it is without asking. */
static void seat(struct step *step)
{
    if (step->hub->lobby != NULL)
        membership_join_room(step, step->hub->lobby);
    rejoin_enter(step);
}

/* Takes a nick away that is not the session's, as it turns out now; another may hold it. */
static bool loses_name(struct step *step, const struct session *other)
{
    struct session *session = step->session;
    if (!owners_allow(step->hub, session, session->nick))
        naming_lose(step, REFUSED_NICK_OWNED);
    else if (confusables_imitate(step->hub, session, session->nick))
        naming_lose(step, REFUSED_NICK_ALIKE);
    else if (other != NULL && !connections_same_person(step->hub, session, other))
        naming_lose(step, REFUSED_NICK_TAKEN);
    else
        return false;
    return true;
}

static bool is_turned_away(struct step *step)
{
    struct session *session = step->session;
    if (presence_check_ban(step))
        return true;
    enum refusal refusal = known_refusal(step->hub, session, session->nick);
    if (refusal == REFUSED_NOTHING)
        return false;
    step_refuse(step, refusal, session->nick);
    /* An account can still be made, or proved; for being admitted one has to come again. */
    if (refusal == REFUSED_NOT_ADMITTED)
        presence_end(step, session, "Not admitted");
    return true;
}

static void come_in(struct step *step)
{
    struct session *session = step->session;
    naming_hold(step->hub, session); /* of two on their way in, the first one */
    session->entered = true;
    confusables_enter(step->hub, session);
    session->spoke_s = (uint32_t)(step->hub->now_ms / 1000);
    step->hub->entered++;
    step_note(step, session_id(session), NOTE_ENTERED, NULL);
    known_entitle(step);
    watch_tell(step, session, EVENT_ONLINE);
    session->unseated = !step->hub->store_up;
    if (!session->unseated)
        seat(step);
    else if (step->hub->lobby != NULL)
        step_refuse(step, REFUSED_NOT_STORED, step->hub->lobby);
}

void presence_enter(struct step *step)
{
    struct session *session = step->session;
    if (session->entered || session->nick == NULL) {
        step_refuse(step, session->entered ? REFUSED_ALREADY_ENTERED : REFUSED_NOT_ENTERED, NULL);
        return;
    }
    struct session *holder = hub_holder(step->hub, session->nick);
    struct session *other = holder != session ? holder : NULL;
    if (loses_name(step, other))
        return;
    session_describe(session, step->command->user, step->command->text);
    if (is_turned_away(step))
        return;
    if (other != NULL && other->entered)
        join_person(step, other);
    else
        come_in(step);
}

void presence_seat_all(struct step *step)
{
    struct table_walk walk = {0};
    for (struct session *session; (session = index_next(&step->hub->nicks, &walk)) != NULL;) {
        if (!session->entered || !session->unseated)
            continue;
        session->unseated = false;
        step->session = session;
        step->connection = session->connections;
        seat(step);
    }
}

bool presence_check_ban(struct step *step)
{
    struct session *session = step->session;
    const struct ban *ban = bans_find(step->hub, session);
    if (ban == NULL)
        return false;
    bans_refuse(step, ban);
    presence_end(step, session, "Banned");
    return true;
}

void presence_leave(struct step *step)
{
    if (step->session->connection_count > 1)
        connections_leave(step, step->command->text);
    else
        presence_end(step, step->session, step->command->text);
}

void presence_end_connection(struct step *step, struct connection *connection, const char *reason)
{
    struct effect *effect = outbox_add(step->out, EFFECT_END);
    effect->session = connection->id;
    effect->value = outbox_copy(step->out, reason);
    watch_forget(step->hub, connection);
    session_detach(connection);
    step->hub->connected--;
    if (connection != &connection->session->first)
        presence_settle(step->hub, connection);
}

void presence_end(struct step *step, struct session *session, const char *reason)
{
    struct hub *hub = step->hub;
    struct step own = *step;
    own.session = session;
    own.connection = &session->first;
    if (session->entered) {
        known_see(step, session);
        confusables_leave(hub, session);
        step_append_to_rooms(&own, EVENT_QUIT, reason);
        naming_leave(step, session);
        people_set_flags(hub, session, 0);
        hub->entered--;
    }
    for (struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in)
            room_dismiss(member);
    }
    naming_free(hub, session);
    if (session->aside != NULL)
        session->aside->away = NULL;
    while (session->connections != NULL)
        presence_end_connection(step, session->connections, reason);
    session->gone = true;
    presence_settle(hub, &session->first);
}

/* Frees a session that has left and has nothing in flight, with its places in rooms. */
static void release(struct hub *hub, struct session *session)
{
    while (session->members != NULL) {
        struct member *member = session->members;
        room_unseat(member);
        assert(member->in_flight == 0);
        room_settle(member);
    }
    registry_remove(&hub->connections, session->first.id);
    session_free(session);
}

void presence_settle(struct hub *hub, struct connection *connection)
{
    struct session *session = connection->session;
    if (connection->gone && connection->in_flight == 0 && connection != &session->first) {
        registry_remove(&hub->connections, connection->id);
        connection_free(connection);
    }
    if (session->gone && session->in_flight == 0)
        release(hub, session);
}

/* That two ids meet in it would cost somebody one line about a stranger's quit. */
static uint32_t id_hash(const char *id)
{
    uint64_t hash = hash_fnv64(HASH_FNV64, id, strlen(id));
    return (uint32_t)(hash ^ hash >> 32);
}

/* Those of the roster who have not been told in another room already, each marked as told. */
static size_t untold(const struct hub *hub, const struct room *room, const struct event *event,
                     uint64_t *recipients)
{
    uint32_t hash = id_hash(event->id);
    size_t count = 0;
    for (size_t i = 0; i < room->roster_count; i++) {
        if (room->seats[i]->session->gone)
            continue;
        struct connection *connection = recipient_at(hub, room, i);
        if (connection->presence_seen == hash)
            continue;
        connection->presence_seen = hash;
        recipients[count++] = connection->id;
    }
    return count;
}

void presence_tailed(struct step *step, const struct event *event)
{
    struct room *room = hub_room_of_log(step->hub, event->log);
    if (room == NULL)
        return;
    uint64_t *recipients = outbox_sessions(step->out, room->roster_count);
    size_t count = untold(step->hub, room, event, recipients);
    step_deliver(step, event, recipients, count, SESSION_NONE);
    struct session *session = hub_by_id(step->hub, event->session);
    struct member *member = session != NULL ? room_member(room, session) : NULL;
    if (member == NULL)
        return;
    room->in_flight--;
    member->in_flight--;
    if (event->type == EVENT_QUIT)
        room_unseat(member);
    else
        step_note_shown(step, event);
    room_settle(member);
}
