#include "server/core/rules/forwarding.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/core/modes.h"
#include "server/core/names.h"

#define FORWARDING_MS (INT64_C(30) * 24 * 3600 * 1000)

void forwarding_drop(struct hub *hub, struct room *room)
{
    if (room->former.key == NULL)
        return;
    size_t len = strlen(room->former.key);
    /* Another room may have had that name later. */
    if (table_get(&hub->forwarded, room->former.key, len) == room)
        table_remove(&hub->forwarded, room->former.key, len);
    former_release(&room->former);
}

void forwarding_set(struct hub *hub, struct room *room, const char *name, int64_t time_ms)
{
    forwarding_drop(hub, room);
    name_key(hub->key, name);
    const struct room *other = table_get(&hub->forwarded, hub->key->data, hub->key->len);
    if (other != NULL && other->former.time_ms > time_ms)
        return;
    room->former = (struct former){
        .name = xstrdup(name),
        .key = xmemdup0(hub->key->data, hub->key->len),
        .time_ms = time_ms,
    };
    table_put(&hub->forwarded, room->former.key, strlen(room->former.key), room);
}

/* Who is in the room knows what it is called, and means another one; but for those who were put there when
 * they came, and have not been told. */
static bool is_known_to(const struct room *room, const struct session *session)
{
    const struct member *member = session != NULL ? room_member(room, session) : NULL;
    return member != NULL && member->in &&
           (rank_reaches(member->ranks, RANK_OPERATOR) ||
            session->connected_s <= room->former.time_ms / 1000);
}

const char *hub_forwarded(const struct hub *hub, const struct session *session, const char *name)
{
    name_key(hub->key, name);
    if (table_get(&hub->rooms, hub->key->data, hub->key->len) != NULL)
        return NULL;
    const struct room *room = table_get(&hub->forwarded, hub->key->data, hub->key->len);
    /* A log has the name that its room had at first. */
    if (room == NULL)
        room = hub_room_of_log(hub, hub->key->data);
    bool leads = room != NULL && room->former.key != NULL &&
                 hub->now_ms - room->former.time_ms < FORWARDING_MS;
    return leads && hub_sees_room(session, room) && !is_known_to(room, session) ? room->name : NULL;
}
