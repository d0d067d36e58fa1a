/* What doors may ask the hub, and what each viewer may know. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/internal.h"
#include "server/core/names.h"

uint32_t hub_in_flight(const struct hub *hub, uint64_t id)
{
    const struct connection *found = hub_connection_by_id(hub, id);
    return found != NULL ? found->in_flight + found->session->struck : 0;
}

const struct hub_config *hub_limits(const struct hub *hub)
{
    return &hub->config;
}

const struct connection *hub_connection(const struct hub *hub, uint64_t id)
{
    const struct connection *found = hub_connection_by_id(hub, id);
    return found != NULL && !found->gone ? found : NULL;
}

const struct session *hub_session(const struct hub *hub, uint64_t id)
{
    const struct connection *found = hub_connection(hub, id);
    return found != NULL ? found->session : NULL;
}

const char *hub_address(const struct hub *hub, uint64_t id)
{
    const struct connection *found = hub_connection(hub, id);
    if (found == NULL)
        return NULL;
    const char *own = connection_address(found);
    return own != NULL ? own : found->session->address;
}

const struct session *hub_person(const struct hub *hub, uint64_t id)
{
    const struct session *found = hub_by_id(hub, id);
    return found != NULL && !found->gone ? found : NULL;
}

const struct session *hub_find_nick(const struct hub *hub, const char *nick)
{
    return hub_holder(hub, nick);
}

const struct room *hub_find_room(const struct hub *hub, const char *name)
{
    return hub_room(hub, name);
}

const struct session *hub_next_session(const struct hub *hub, struct table_walk *walk)
{
    const struct session *session;
    do {
        session = index_next(&hub->nicks, walk);
    } while (session != NULL && !session->entered);
    return session;
}

const struct room *hub_next_room(const struct hub *hub, struct table_walk *walk)
{
    return table_next(&hub->rooms, walk);
}

static bool in_room(const struct session *session, const struct room *room)
{
    const struct member *member = session != NULL ? room_member(room, session) : NULL;
    return member != NULL && member->in;
}

static bool all_seeing(const struct session *viewer)
{
    return viewer != NULL && (viewer->flags & SESSION_OPERATOR) != 0;
}

bool hub_sees_room(const struct session *viewer, const struct room *room)
{
    return (room->flags & ROOM_SECRET) == 0 || in_room(viewer, room) || all_seeing(viewer);
}

bool hub_sees_members(const struct session *viewer, const struct room *room)
{
    if ((room->flags & ROOM_PRIVATE) == 0)
        return hub_sees_room(viewer, room);
    return in_room(viewer, room) || all_seeing(viewer);
}

/* Where a room of the viewer lies, or would lie. */
static const struct room **place_of(const struct hub_view *view, const struct room *room)
{
    size_t at = (size_t)((uintptr_t)room / sizeof *room);
    while (view->rooms[at & view->mask] != NULL && view->rooms[at & view->mask] != room)
        at++;
    return &view->rooms[at & view->mask];
}

void hub_view_init(struct hub_view *view, const struct session *viewer)
{
    size_t size = 1;
    while (size <= 2 * (size_t)viewer->room_count)
        size *= 2;
    *view = (struct hub_view){.viewer = viewer, .mask = size - 1};
    view->rooms = xcalloc(size, sizeof(struct room *));
    for (const struct member *member = viewer->members; member != NULL;
         member = member->next_of_session) {
        if (member->in)
            *place_of(view, member->room) = member->room;
    }
}

void hub_view_release(struct hub_view *view)
{
    free(view->rooms);
}

/* Whether both are, as decided, in one room at least. */
static bool shares_room(const struct hub_view *view, const struct session *session)
{
    for (const struct member *member = session->members; member != NULL;
         member = member->next_of_session) {
        if (member->in && *place_of(view, member->room) != NULL)
            return true;
    }
    return false;
}

bool hub_view_sees(const struct hub_view *view, const struct session *session)
{
    return (session->flags & SESSION_INVISIBLE) == 0 || view->viewer == session ||
           all_seeing(view->viewer) || shares_room(view, session);
}

const struct room *hub_next_invitation(const struct hub *hub, const struct session *session,
                                       struct table_walk *walk)
{
    const struct room *room;
    do {
        room = table_next(&hub->rooms, walk);
    } while (room != NULL && !room_is_invited(room, session_id(session)));
    return room;
}

const struct departed *hub_next_departed(const struct hub *hub, const char *nick, size_t *at)
{
    if (strlen(nick) > hub->config.max_nick_bytes)
        return NULL;
    name_key(hub->key, nick);
    while (*at < hub->departed.len) {
        const struct departed *departed = ring_at(&hub->departed, hub->departed.len - ++*at);
        if (strcmp(departed->key, hub->key->data) == 0)
            return departed;
    }
    return NULL;
}

size_t hub_session_count(const struct hub *hub)
{
    return hub->entered;
}

size_t hub_invisible_count(const struct hub *hub)
{
    return hub->invisible;
}

size_t hub_operator_count(const struct hub *hub)
{
    return hub->operators;
}

size_t hub_room_count(const struct hub *hub)
{
    return hub->rooms.len;
}
