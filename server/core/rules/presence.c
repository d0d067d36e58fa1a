/* Connections and names: who is here, and as whom. */
#include "server/core/rules/presence.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/hash.h"
#include "server/core/names.h"
#include "server/core/rules/bans.h"
#include "server/core/rules/confusables.h"
#include "server/core/rules/connections.h"
#include "server/core/rules/known.h"
#include "server/core/rules/membership.h"
#include "server/core/rules/owners.h"
#include "server/core/rules/people.h"
#include "server/core/rules/recipients.h"
#include "server/core/rules/rejoin.h"
#include "server/core/rules/watch.h"
#include "server/core/texts.h"

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

/* A quit or nick change is an entry in the log of every room that the session is in. */
static void append_to_rooms(struct step *step, enum event_type type, const char *text)
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

/* Whoever is on the way in may have a nick that he has yet to prove his, and that another holds. */
static void free_name(struct hub *hub, struct session *session)
{
    if (session->nick != NULL)
        index_remove(&hub->nicks, hub_nick_hash(hub, session_key(session)), session);
}

/* Is called so from now on, and holds the nick only if it is said to. */
static void claim_name(struct hub *hub, struct session *session, const char *nick)
{
    free_name(hub, session);
    name_key(hub->key, nick);
    if (session->nick == NULL || strcmp(session_key(session), hub->key->data) != 0)
        session->named_ms = hub->now_ms;
    session_set_nick(session, nick, hub->key->data);
}

static void hold_name(struct hub *hub, struct session *session)
{
    uint32_t hash = hub_nick_hash(hub, session_key(session));
    const struct session *holder = hub_holder_of_key(hub, session_key(session));
    if (holder != NULL)
        index_remove(&hub->nicks, hash, holder);
    index_put(&hub->nicks, hash, session);
}

static void take_name(struct hub *hub, struct session *session, const char *nick)
{
    claim_name(hub, session, nick);
    hold_name(hub, session);
}

/* The session's nick is about to be free. */
static void leave_name(struct step *step, const struct session *session)
{
    const char *texts[] = {session->nick,     session_key(session), session->user,
                           session->realname, session->host,        session->address};
    char *block = texts_pack(texts, sizeof texts / sizeof *texts);
    struct departed departed = {
        .block = block,
        .nick = texts[0],
        .key = texts[1],
        .user = texts[2],
        .realname = texts[3],
        .host = texts[4],
        .address = texts[5],
        .time_ms = step->hub->now_ms,
    };
    struct departed evicted;
    if (ring_push(&step->hub->departed, &departed, &evicted))
        free(evicted.block);
    watch_tell(step, session, EVENT_OFFLINE);
}

/* One who has entered goes by another name from now on. */
static void change_name(struct step *step, struct session *session, const char *nick)
{
    name_key(step->hub->key, nick);
    bool spelling_only = strcmp(step->hub->key->data, session_key(session)) == 0;
    if (!spelling_only)
        leave_name(step, session);
    confusables_leave(step->hub, session);
    take_name(step->hub, session, nick);
    confusables_enter(step->hub, session);
    if (!spelling_only)
        watch_tell(step, session, EVENT_ONLINE);
}

/* Takes back a name that cannot be the session's: it has to find another one. */
static void lose_name(struct step *step, enum refusal refusal)
{
    struct session *session = step->session;
    struct effect *effect = outbox_add(step->out, EFFECT_NOTE);
    effect->session = step->connection->id;
    effect->note = (struct note){
        .type = NOTE_REFUSED,
        .refusal = refusal,
        .command = COMMAND_NAME,
        .target = outbox_copy(step->out, session->nick),
    };
    free_name(step->hub, session);
    session_clear_nick(session);
}

/* Whether it is decided when the session enters if the nick is its own: it is yet to be proved, or it
 * is that of another of the same account, who may have left until then. */
static bool is_decided_later(struct step *step, const struct session *holder, const char *nick)
{
    const struct session *session = step->session;
    if (session->entered || holder == session)
        return false;
    return !owners_allow(step->hub, session, nick) ||
           (holder != NULL && connections_same_person(step->hub, session, holder));
}

/* Why nobody who is like this session may have that nick, whether or not somebody has it. */
static enum refusal nick_refusal(struct step *step, const char *nick)
{
    struct hub *hub = step->hub;
    struct session *session = step->session;
    bool may_prove = step->command->unproven && !session->entered;
    if (!name_is_nick(nick, hub->config.max_nick_bytes))
        return REFUSED_NICK_BAD;
    if (!may_prove && !owners_allow(hub, session, nick))
        return REFUSED_NICK_OWNED;
    if (session->entered && known_refusal(hub, session, nick) == REFUSED_NOT_ADMITTED)
        return REFUSED_NOT_ADMITTED;
    return confusables_imitate(hub, session, nick) ? REFUSED_NICK_ALIKE : REFUSED_NOTHING;
}

/* Why somebody who has entered may not change to that nick, which is free. */
static enum refusal change_refusal(struct step *step, const char *nick)
{
    const struct session *session = step->session;
    if (bans_find_as(step->hub, session, nick) != NULL)
        return REFUSED_NICK_BANNED;
    bool is_stored = step->hub->store_up || session->room_count == 0;
    return is_stored ? REFUSED_NOTHING : REFUSED_NOT_STORED;
}

/* No log tells those who know somebody who is in no room. */
static void tell_new_name(struct step *step, const char *nick)
{
    struct session *session = step->session;
    struct event event = {
        .type = EVENT_NICK,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .who = step_who(step, session),
        .text = outbox_copy(step->out, nick),
    };
    hub_new_id(step->hub, event.id);
    size_t count;
    const uint64_t *recipients = recipients_person(step, session, &count);
    step_deliver(step, &event, recipients, count, step->connection->id);
    step_note(step, step->connection->id, NOTE_RENAMED, &event);
}

static void rename_person(struct step *step, const char *nick)
{
    struct session *session = step->session;
    if (strcmp(nick, session->nick) == 0)
        return;
    enum refusal refusal = change_refusal(step, nick);
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, nick);
        return;
    }
    if (session->room_count > 0)
        append_to_rooms(step, EVENT_NICK, nick);
    else
        tell_new_name(step, nick);
    change_name(step, session, nick);
}

void presence_name(struct step *step)
{
    struct session *session = step->session;
    const char *nick = step->command->text;
    enum refusal refusal = nick_refusal(step, nick);
    if (refusal != REFUSED_NOTHING) {
        step_refuse(step, refusal, nick);
        return;
    }
    const struct session *holder = hub_holder(step->hub, nick);
    bool later = is_decided_later(step, holder, nick);
    if (!later && holder != NULL && holder != session) {
        step_refuse(step, REFUSED_NICK_TAKEN, nick);
        return;
    }
    if (session->entered) {
        rename_person(step, nick);
        return;
    }
    if (later)
        claim_name(step->hub, session, nick);
    else
        take_name(step->hub, session, nick);
    step_note(step, session_id(session), NOTE_NAMED, NULL);
}

/* It is one more connection of somebody who is here. */
static void join_person(struct step *step, struct session *person)
{
    if (person->connection_count >= step->hub->config.max_connections)
        lose_name(step, REFUSED_NICK_CROWDED);
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
        lose_name(step, REFUSED_NICK_OWNED);
    else if (confusables_imitate(step->hub, session, session->nick))
        lose_name(step, REFUSED_NICK_ALIKE);
    else if (other != NULL && !connections_same_person(step->hub, session, other))
        lose_name(step, REFUSED_NICK_TAKEN);
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
    hold_name(step->hub, session); /* of two on their way in, the first one */
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
        append_to_rooms(&own, EVENT_QUIT, reason);
        leave_name(step, session);
        people_set_flags(hub, session, 0);
        hub->entered--;
    }
    for (struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in)
            room_dismiss(member);
    }
    free_name(hub, session);
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
