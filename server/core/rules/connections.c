/* Several connections of one person: how one joins those that are here, and leaves them.
 *
 * Invariant: every connection of a session has a seat in each room that the session is in and has a
 * seat in, unless it is on its way out or in there. One that joins is shown those rooms as if it had
 * entered them just now; one that leaves takes its seats along, and nobody is told as long as another
 * stays. */
#include "server/core/rules/connections.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/names.h"
#include "server/core/rules/people.h"
#include "server/core/rules/presence.h"

bool connections_same_person(const struct hub *hub, const struct session *a,
                             const struct session *b)
{
    if (a->account == NULL || b->account == NULL)
        return false;
    name_key(hub->key, a->account);
    char *key = xmemdup0(hub->key->data, hub->key->len);
    name_key(hub->key, b->account);
    bool same = strcmp(key, hub->key->data) == 0;
    free(key);
    return same;
}

void connections_reckon(struct hub *hub, struct session *session, const struct connection *latest)
{
    bool all_away = true;
    bool all_secure = true;
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next) {
        all_away = all_away && connection_away(connection) != NULL;
        all_secure = all_secure && connection->secure;
    }
    if (all_away || session->aside != NULL)
        session_open_aside(session)->away = all_away ? connection_away(latest) : NULL;
    unsigned others = session->flags & ~(unsigned)SESSION_SECURE;
    people_set_flags(hub, session, others | (all_secure ? SESSION_SECURE : 0));
}

static char *away_of(const struct session *session)
{
    return session_away(session) != NULL ? xstrdup(session_away(session)) : NULL;
}

/* Shows the connection a room that its person is in, and gives it a seat there. */
static void enter_room(struct step *step, struct member *member)
{
    const struct event event = {
        .type = EVENT_JOIN,
        .session = step->connection->id,
        .time_ms = step->hub->now_ms,
        .who = session_who(step->session),
        .realname = step->session->realname,
        .log = member->room->log,
        .target = member->room->name,
    };
    uint64_t *recipient = outbox_sessions(step->out, 1);
    recipient[0] = step->connection->id;
    room_seat_connection(member, step->connection->id);
    step_deliver(step, &event, recipient, 1, SESSION_NONE);
    step_note(step, step->connection->id, NOTE_JOINED, &event);
}

/* In the order in which they were joined. A join that is under way will be shown to all. */
static void enter_rooms(struct step *step)
{
    struct session *session = step->session;
    struct member **members = xcalloc(session->room_count + 1, sizeof *members);
    size_t count = 0;
    for (struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in && member->seat != SEAT_NONE)
            members[count++] = member;
    }
    while (count > 0)
        enter_room(step, members[--count]);
    free(members);
}

void connections_join(struct step *step, struct session *session)
{
    struct hub *hub = step->hub;
    struct session *own = step->session;
    struct connection *connection = session_attach(session, session_id(own));
    connection->secure = own->first.secure;
    connection->aside = own->first.aside;
    own->first.aside = NULL;
    connection_open_aside(connection)->address = xstrdup(own->address);
    registry_remove(&hub->connections, session_id(own));
    session_free(own);
    registry_put(&hub->connections, connection);

    struct step joined = *step;
    joined.session = session;
    joined.connection = connection;
    char *before = away_of(session);
    connections_reckon(hub, session, connection);
    step_note(&joined, connection->id, NOTE_ENTERED, NULL);
    enter_rooms(&joined);
    people_tell_away(&joined, before, connection->id);
    free(before);
}

/* Where the person is from now on. Others go on seeing the host that they know him by. */
static void take_address(struct session *session, struct connection *from)
{
    session_set_address(session, from->aside->address);
    free(from->aside->address);
    from->aside->address = NULL;
}

void connections_leave(struct step *step, const char *reason)
{
    struct session *session = step->session;
    for (struct member *member = session->members; member != NULL; member = member->next_of_session)
        room_unseat_connection(member, step->connection->id);
    bool leaves_address = connection_address(step->connection) == NULL;
    char *before = away_of(session);
    presence_end_connection(step, step->connection, reason);

    struct step others = *step;
    others.connection = session->connections;
    if (leaves_address)
        take_address(session, others.connection);
    connections_reckon(step->hub, session, others.connection);
    people_tell_away(&others, before, SESSION_NONE);
    free(before);
}
