/* The hub's invariants, written down once for tests and fuzzers. */
#include <assert.h>
#include <string.h>

#include "server/core/internal.h"

/* A seat is that of a connection of its member's session, and no two are of the same. */
static void check_seat(const struct hub *hub, const struct room *room, size_t seat)
{
    const struct member *member = room->seats[seat];
    const struct session *session = member->session;
    assert(member->room == room && member->seat < room->seated_count);
    assert((member->seat == seat) == (seat < room->seated_count));
    for (size_t i = 0; i < seat; i++)
        assert(room->roster[i] != room->roster[seat]);
    if (!session->gone)
        assert(hub_session(hub, room->roster[seat]) == session);
}

static void check_roster(const struct hub *hub, const struct room *room)
{
    assert(room->seated_count <= room->roster_count);
    for (size_t seat = 0; seat < room->roster_count; seat++)
        check_seat(hub, room, seat);
}

static void check_decided(const struct room *room)
{
    size_t count = 0;
    const struct member *prev = NULL;
    for (const struct member *member = room->first; member != NULL;
         prev = member, member = member->next_in_room, count++) {
        assert(member->in && member->room == room && member->prev_in_room == prev);
        assert(!member->session->gone);
        assert(room_member(room, member->session) == member);
        /* Decided and delivered differ only while something is under way. */
        assert(member->seat != SEAT_NONE || member->in_flight > 0);
    }
    assert(room->last == prev && room->member_count == count);
}

/* Whoever is in a room hears it by all his connections; but one that joined him while he had decided
 * to leave has no seat until he is seen to be back. */
static void check_seats(const struct member *member)
{
    const struct room *room = member->room;
    size_t seats = 0;
    for (size_t seat = 0; seat < room->roster_count; seat++)
        seats += room->seats[seat] == member;
    assert((seats > 0) == (member->seat != SEAT_NONE));
    if (member->in && seats > 0 && member->in_flight == 0 && !member->session->gone)
        assert(seats == member->session->connection_count);
}

static void check_connections(const struct session *session)
{
    uint32_t count = 0;
    uint32_t in_flight = session->struck;
    bool first = false;
    bool all_away = true;
    uint32_t at_home = 0;
    for (const struct connection *connection = session->connections; connection != NULL;
         connection = connection->next, count++) {
        assert(!connection->gone && connection->session == session);
        in_flight += connection->in_flight;
        first = first || connection == &session->first;
        all_away = all_away && connection_away(connection) != NULL;
        at_home += connection_address(connection) == NULL;
    }
    assert(session->gone || (at_home == 1 && session->address != NULL));
    assert(count == session->connection_count && first != session->first.gone);
    assert(in_flight <= session->in_flight);
    assert(session->gone ? count == 0 : count > 0 && (session_away(session) != NULL) == all_away);
    assert(count <= 1 || (session->entered && session->account != NULL));
}

static void check_session(const struct hub *hub, const struct session *session)
{
    uint32_t rooms = 0;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        assert(member->session == session);
        check_seats(member);
        assert(member->in || member->seat != SEAT_NONE || member->in_flight > 0);
        if (member->in)
            rooms++;
        else if (member->seat != SEAT_NONE)
            assert(member->in_flight > 0);
    }
    assert(rooms == session->room_count);
    assert(hub_traits(hub, session)->count <= hub->config.max_traits);
    if (session->gone)
        assert(session->in_flight > 0);
    else if (session->entered)
        assert(hub_holder_of_key(hub, session_key(session)) == session);
    else
        assert(session->members == NULL);
    check_connections(session);
}

static size_t kept_by(const struct hub *hub, const char *key)
{
    size_t count = 0;
    struct table_walk walk = {0};
    for (const struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        for (size_t i = 0; i < room->standing_count; i++)
            count += (room->standings[i].ranks & RANK_KEEPER) != 0 &&
                     strcmp(room->standings[i].key, key) == 0;
    }
    return count;
}

static void check_ledger(const struct hub *hub)
{
    size_t spare = 0;
    struct table_walk walk = {0};
    for (const struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        assert(room_is_spare(room) == !list_empty(&room->in_spare));
        spare += room_is_spare(room);
        for (size_t i = 0; i < room->standing_count; i++)
            assert((room->standings[i].ranks & RANK_KEEPER) == 0 ||
                   ledger_kept(&hub->ledger, room->standings[i].key) > 0);
    }
    LIST_FOR(link, &hub->ledger.spare)
    spare--;
    assert(spare == 0);
    walk = (struct table_walk){0};
    for (const struct kept *kept; (kept = table_next(&hub->ledger.kept, &walk)) != NULL;)
        assert(kept->count == kept_by(hub, kept->key));
}

/* No name leads to a room that is no more. */
static void check_forwarded(const struct hub *hub)
{
    size_t count = 0;
    struct table_walk walk = {0};
    for (const struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        const char *key = room->former.key;
        count += key != NULL && table_get(&hub->forwarded, key, strlen(key)) == room;
    }
    assert(count == hub->forwarded.len);
}

void hub_check(const struct hub *hub)
{
    struct table_walk walk = {0};
    for (const struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        check_roster(hub, room);
        check_decided(room);
    }
    check_ledger(hub);
    check_forwarded(hub);
    size_t connected = 0;
    size_t entered = 0;
    size_t invisible = 0;
    size_t operators = 0;
    walk = (struct table_walk){0};
    for (const struct connection *connection;
         (connection = registry_next(&hub->connections, &walk)) != NULL;) {
        const struct session *session = connection->session;
        assert(!connection->gone || connection == &session->first || connection->in_flight > 0);
        connected += !connection->gone;
        if (connection != &session->first)
            continue;
        check_session(hub, session);
        entered += session->entered && !session->gone;
        invisible += !session->gone && (session->flags & SESSION_INVISIBLE) != 0;
        operators += !session->gone && (session->flags & SESSION_OPERATOR) != 0;
    }
    assert(connected == hub->connected && entered == hub->entered);
    assert(invisible == hub->invisible && operators == hub->operators);
    assert(hub->nicks.len <= connected);
    assert(hub->rooms.len <= hub->config.max_rooms + 1);
}
