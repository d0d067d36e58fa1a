/* Names that cannot be told apart by eye, as far as whoever made the hub can tell: nobody goes by one
 * that imitates that of somebody who is here, or one that is owned, and no room is opened under one that
 * imitates another room's.
 *
 * Of names that looked alike before that was so, and of names that are owned, the first one stands for
 * all: a table has one place for a look. What is compared are hashes, under a seed of chance. */
#include <string.h>

#include "server/core/hub_internal.h"
#include "server/core/names.h"

/* A look is longer than its name where one character looks like several. */
enum { LOOK_GROWTH = 18 };

/* The hash of what a name looks like; case does not count. 0: nobody can tell. */
static uint64_t look_of(const struct hub *hub, const char *name)
{
    if (hub->config.look == NULL)
        return 0;
    struct str look;
    struct str key;
    str_init(&look, strlen(name) * LOOK_GROWTH + 1);
    hub->config.look(hub->config.look_ctx, &look, name);
    str_init(&key, name_key_max(look.len));
    name_key(&key, look.data);
    uint64_t hash = table_siphash(hub->look_seed, 0, key.data, key.len);
    str_release(&look);
    str_release(&key);
    return hash != 0 ? hash : 1;
}

static bool is_by(const struct hub *hub, const struct session *session, const char *account)
{
    if (session->account == NULL)
        return false;
    name_key(hub->key, session->account);
    return strcmp(hub->key->data, account) == 0;
}

static bool is_key_of(const struct hub *hub, const char *key, const char *name)
{
    name_key(hub->key, name);
    return strcmp(hub->key->data, key) == 0;
}

/* The one who is here and stands for those that look so. */
static struct session *who_looks(const struct hub *hub, uint64_t look)
{
    size_t probe = 0;
    for (struct session *here; (here = index_find(&hub->looks, (uint32_t)look, &probe)) != NULL;) {
        if (here->look == look)
            return here;
    }
    return NULL;
}

bool looks_imitate(const struct hub *hub, const struct session *session, const char *nick)
{
    /* Whoever owns a name may go by it, whatever it looks like; and nobody else. */
    if (hub->config.look == NULL || hub_owner(hub, nick) != NULL)
        return false;
    uint64_t look = look_of(hub, nick);
    const struct owner *owner = table_get(&hub->owned_looks, &look, sizeof look);
    if (owner != NULL && !is_key_of(hub, owner->key, nick) && !is_by(hub, session, owner->account))
        return true;
    const struct session *here = who_looks(hub, look);
    return here != NULL && here != session && !is_key_of(hub, session_key(here), nick) &&
           !connections_same_person(hub, session, here);
}

bool hub_imitates(const struct hub *hub, const struct session *session, const char *nick)
{
    return looks_imitate(hub, session, nick);
}

void looks_enter(struct hub *hub, struct session *session)
{
    session->look = look_of(hub, session->nick);
    if (session->look != 0 && who_looks(hub, session->look) == NULL)
        index_put(&hub->looks, (uint32_t)session->look, session);
}

void looks_leave(struct hub *hub, struct session *session)
{
    if (session->look != 0)
        index_remove(&hub->looks, (uint32_t)session->look, session);
    session->look = 0;
}

void looks_own(struct hub *hub, struct owner *owner, const char *name)
{
    owner->look = look_of(hub, name);
    if (owner->look != 0 && table_get(&hub->owned_looks, &owner->look, sizeof owner->look) == NULL)
        table_put(&hub->owned_looks, &owner->look, sizeof owner->look, owner);
}

void looks_disown(struct hub *hub, const struct owner *owner)
{
    if (owner->look != 0 && table_get(&hub->owned_looks, &owner->look, sizeof owner->look) == owner)
        table_remove(&hub->owned_looks, &owner->look, sizeof owner->look);
}

void looks_open(struct hub *hub, struct room *room)
{
    room->look = look_of(hub, room->name);
    if (room->look != 0 && table_get(&hub->room_looks, &room->look, sizeof room->look) == NULL)
        table_put(&hub->room_looks, &room->look, sizeof room->look, room);
}

void looks_close(struct hub *hub, const struct room *room)
{
    if (room->look != 0 && table_get(&hub->room_looks, &room->look, sizeof room->look) == room)
        table_remove(&hub->room_looks, &room->look, sizeof room->look);
}

const struct room *looks_imitated_room(struct hub *hub, const struct room *room, const char *name)
{
    uint64_t look = look_of(hub, name);
    const struct room *other = look != 0 ? table_get(&hub->room_looks, &look, sizeof look) : NULL;
    return other != room && other != NULL ? other : NULL;
}
