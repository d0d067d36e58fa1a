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

/* Puts what a text looks like, folded, in its place. */
static void look_at(const struct hub *hub, struct str *text)
{
    struct str look;
    str_init(&look, text->len * LOOK_GROWTH + 1);
    hub->config.look(hub->config.look_ctx, &look, text->data);
    name_key(text, look.data);
    str_release(&look);
}

static uint64_t hash_of(const struct hub *hub, const struct str *look)
{
    uint64_t hash = table_siphash(hub->look_seed, 0, look->data, look->len);
    return hash != 0 ? hash : 1;
}

/* The hashes of what a name looks like; 0: nobody can tell, or it is the same as the other one. Case does
 * not count, and yet looks depend on it: a capital I is like l and a small m like rn. So a name looks
 * like what it is in small letters, and like what it is as it is spelt, in small letters then. */
static void looks_of(const struct hub *hub, const char *name, uint64_t looks[LOOKS])
{
    looks[0] = looks[1] = 0;
    if (hub->config.look == NULL)
        return;
    struct str small;
    struct str spelt;
    str_init(&small, SIZE_MAX / 4);
    str_init(&spelt, SIZE_MAX / 4);
    name_key(&small, name);
    look_at(hub, &small);
    str_adds(&spelt, name);
    look_at(hub, &spelt);
    look_at(hub, &spelt);
    looks[0] = hash_of(hub, &small);
    looks[1] = hash_of(hub, &spelt);
    if (looks[1] == looks[0])
        looks[1] = 0;
    str_release(&small);
    str_release(&spelt);
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

static bool has_look(const uint64_t looks[LOOKS], uint64_t look)
{
    return looks[0] == look || looks[1] == look;
}

/* The one who is here and stands for those that look so. */
static struct session *who_looks(const struct hub *hub, uint64_t look)
{
    size_t probe = 0;
    for (struct session *here; (here = index_find(&hub->looks, (uint32_t)look, &probe)) != NULL;) {
        if (has_look(here->looks, look))
            return here;
    }
    return NULL;
}

static bool imitates(const struct hub *hub, const struct session *session, const char *nick,
                     uint64_t look)
{
    const struct owner *owner = table_get(&hub->owned_looks, &look, sizeof look);
    if (owner != NULL && !is_key_of(hub, owner->key, nick) && !is_by(hub, session, owner->account))
        return true;
    const struct session *here = who_looks(hub, look);
    return here != NULL && here != session && !is_key_of(hub, session_key(here), nick) &&
           !connections_same_person(hub, session, here);
}

bool looks_imitate(const struct hub *hub, const struct session *session, const char *nick)
{
    uint64_t looks[LOOKS];
    /* Whoever owns a name may go by it, whatever it looks like; and nobody else. */
    if (hub->config.look == NULL || hub_owner(hub, nick) != NULL)
        return false;
    looks_of(hub, nick, looks);
    for (size_t i = 0; i < LOOKS; i++) {
        if (looks[i] != 0 && imitates(hub, session, nick, looks[i]))
            return true;
    }
    return false;
}

bool hub_imitates(const struct hub *hub, const struct session *session, const char *nick)
{
    return looks_imitate(hub, session, nick);
}

void looks_enter(struct hub *hub, struct session *session)
{
    uint64_t looks[LOOKS];
    looks_of(hub, session->nick, looks);
    for (size_t i = 0; i < LOOKS; i++) {
        if (looks[i] != 0 && who_looks(hub, looks[i]) == NULL)
            index_put(&hub->looks, (uint32_t)looks[i], session);
        session->looks[i] = looks[i];
    }
}

void looks_leave(struct hub *hub, struct session *session)
{
    for (size_t i = 0; i < LOOKS; i++) {
        if (session->looks[i] != 0)
            index_remove(&hub->looks, (uint32_t)session->looks[i], session);
        session->looks[i] = 0;
    }
}

/* The first one that looks so has the place; `looks` lie in it. */
static void put(struct table *table, const uint64_t looks[LOOKS], void *value)
{
    for (size_t i = 0; i < LOOKS; i++) {
        if (looks[i] != 0 && table_get(table, &looks[i], sizeof looks[i]) == NULL)
            table_put(table, &looks[i], sizeof looks[i], value);
    }
}

static void take(struct table *table, const uint64_t looks[LOOKS], const void *value)
{
    for (size_t i = 0; i < LOOKS; i++) {
        if (looks[i] != 0 && table_get(table, &looks[i], sizeof looks[i]) == value)
            table_remove(table, &looks[i], sizeof looks[i]);
    }
}

void looks_own(struct hub *hub, struct owner *owner, const char *name)
{
    looks_of(hub, name, owner->looks);
    put(&hub->owned_looks, owner->looks, owner);
}

void looks_disown(struct hub *hub, const struct owner *owner)
{
    take(&hub->owned_looks, owner->looks, owner);
}

void looks_open(struct hub *hub, struct room *room)
{
    looks_of(hub, room->name, room->looks);
    put(&hub->room_looks, room->looks, room);
}

void looks_close(struct hub *hub, const struct room *room)
{
    take(&hub->room_looks, room->looks, room);
}

const struct room *looks_imitated_room(struct hub *hub, const struct room *room, const char *name)
{
    uint64_t looks[LOOKS];
    const struct room *other = NULL;
    looks_of(hub, name, looks);
    for (size_t i = 0; i < LOOKS && other == NULL; i++) {
        other = looks[i] != 0 ? table_get(&hub->room_looks, &looks[i], sizeof looks[i]) : NULL;
        other = other != room ? other : NULL;
    }
    return other;
}
