#include "server/core/reading.h"

#include <string.h>

#include "server/core/internal.h"
#include "server/core/modes.h"
#include "server/core/names.h"

static bool is_in(const struct room *room, const struct session *session)
{
    const struct member *member = room_member(room, session);
    return member != NULL && member->in;
}

/* Since when what is said under the session's nick is surely its own. */
static int64_t self_since(const struct hub *hub, const struct session *session)
{
    if (session->account == NULL || session->account_made_ms == 0)
        return session->named_ms;
    name_key(hub->key, session->account);
    bool owned = strcmp(hub->key->data, session_key(session)) == 0;
    return owned ? session->account_made_ms : session->named_ms;
}

/* The other one's part of a conversation's name; NULL when the session is not one of the two. */
static const char *other_key(const struct hub *hub, const struct session *session, const char *log)
{
    const char *gap = strchr(log, '\n');
    size_t first = (size_t)(gap - log);
    if (strcmp(gap + 1, session_key(session)) == 0) {
        str_reset(hub->key);
        str_add(hub->key, log, first);
        return hub->key->data;
    }
    bool is_first =
        strlen(session_key(session)) == first && !memcmp(log, session_key(session), first);
    return is_first ? gap + 1 : NULL;
}

static bool is_conversation(const char *log)
{
    return strchr(log, '\n') != NULL;
}

enum refusal reading_log(const struct hub *hub, uint64_t id, const char *target, struct str *log,
                         struct since *since)
{
    const struct session *session = hub_session(hub, id);
    if (session == NULL || !session->entered)
        return REFUSED_NOT_ENTERED;
    str_reset(log);
    if (target[0] == '#') {
        const struct room *room = hub_room(hub, target);
        if (room == NULL)
            return REFUSED_NO_SUCH_ROOM;
        if (!is_in(room, session))
            return hub_sees_room(session, room) ? REFUSED_NOT_IN_ROOM : REFUSED_NO_SUCH_ROOM;
        str_adds(log, room->log);
        *since = room->since;
        return REFUSED_NOTHING;
    }
    if (!name_is_nick(target, hub->config.max_nick_bytes))
        return REFUSED_NO_SUCH_NICK;
    *since = (struct since){.time_ms = self_since(hub, session)};
    name_key(hub->key, target);
    name_conversation(log, session_key(session), hub->key->data);
    return REFUSED_NOTHING;
}

/* What is shown of a log as a whole has no position. */
static bool is_behind(const struct event *event, const struct since *since)
{
    if (since->position != 0 && event->position != 0)
        return event->position > since->position;
    return event->time_ms > since->time_ms;
}

bool reading_allows(const struct hub *hub, uint64_t id, const struct event *event)
{
    const struct session *session = hub_session(hub, id);
    if (session == NULL || !session->entered)
        return false;
    if (is_conversation(event->log))
        return other_key(hub, session, event->log) != NULL &&
               event->time_ms > self_since(hub, session);
    const struct room *room = hub_room_of_log(hub, event->log);
    if (room == NULL || !is_in(room, session) || !is_behind(event, &room->since))
        return false;
    return reading_reaches(hub, id, event);
}

bool reading_reaches(const struct hub *hub, uint64_t id, const struct event *event)
{
    if (event->rank == 0)
        return true;
    const struct session *session = hub_session(hub, id);
    const struct room *room = hub_room_of_log(hub, event->log);
    const struct member *member = session && room ? room_member(room, session) : NULL;
    return member != NULL && rank_reaches(member->ranks, event->rank);
}

const char *reading_target(const struct hub *hub, uint64_t id, const char *log)
{
    const struct session *session = hub_session(hub, id);
    if (session == NULL || !session->entered)
        return NULL;
    if (!is_conversation(log)) {
        const struct room *room = hub_room_of_log(hub, log);
        return room != NULL && is_in(room, session) ? room->name : NULL;
    }
    const char *key = other_key(hub, session, log);
    const struct session *other = key != NULL ? hub_holder_of_key(hub, key) : NULL;
    return other != NULL ? other->nick : key;
}
