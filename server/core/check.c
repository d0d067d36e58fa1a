/* The hub's invariants, written down once for tests and fuzzers. */
#include <assert.h>
#include <string.h>

#include "server/core/hub_internal.h"

static void check_roster(const struct room *room)
{
    for (size_t seat = 0; seat < room->roster_count; seat++) {
        const struct member *member = room->seats[seat];
        assert(member->seat == seat && member->room == room);
        assert(room->roster[seat] == member->session->id);
    }
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

static void check_session(const struct hub *hub, const struct session *session)
{
    uint32_t rooms = 0;
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        assert(member->session == session);
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
    else if (session->nick != NULL)
        assert(table_get(&hub->nicks, session->nick_key, strlen(session->nick_key)) == session);
    else
        assert(!session->entered && session->members == NULL);
}

void hub_check(const struct hub *hub)
{
    struct table_walk walk = {0};
    for (const struct room *room; (room = table_next(&hub->rooms, &walk)) != NULL;) {
        check_roster(room);
        check_decided(room);
    }
    size_t connected = 0;
    size_t entered = 0;
    size_t invisible = 0;
    size_t operators = 0;
    walk = (struct table_walk){0};
    for (const struct session *session; (session = table_next(&hub->sessions, &walk)) != NULL;) {
        check_session(hub, session);
        connected += !session->gone;
        entered += session->entered && !session->gone;
        invisible += !session->gone && (session->flags & SESSION_INVISIBLE) != 0;
        operators += !session->gone && (session->flags & SESSION_OPERATOR) != 0;
    }
    assert(connected == hub->connected && entered == hub->entered);
    assert(invisible == hub->invisible && operators == hub->operators);
    assert(hub->nicks.len <= connected);
    assert(hub->rooms.len <= hub->config.max_rooms + 1);
}
