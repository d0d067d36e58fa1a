/* Names that cannot be told apart by eye, as far as whoever made the hub can tell: nobody goes by one
 * that imitates that of somebody who is here, or one that is owned, and no room is opened under one that
 * imitates another room's.
 *
 * Of names that looked alike before that was so, and of names that are owned, the first one stands for
 * all: a table has one place for a skeleton. What is compared are hashes, under a seed of chance. */
#include "server/core/rules/confusables.h"

#include <string.h>

#include "server/core/names.h"
#include "server/core/rules/connections.h"

/* A skeleton is longer than its name where one character looks like several. */
enum { SKELETON_GROWTH = 18 };

/* Puts the skeleton of a text, folded, in its place. */
static void make_skeleton(const struct hub *hub, struct str *text, enum skeleton reader)
{
    struct str skeleton;
    str_init(&skeleton, text->len * SKELETON_GROWTH + 1);
    hub->config.skeleton(hub->config.skeleton_ctx, &skeleton, text->data, reader);
    name_key(text, skeleton.data);
    str_release(&skeleton);
}

static uint64_t hash_of(const struct hub *hub, const struct str *skeleton)
{
    uint64_t hash = table_siphash(hub->skeleton_seed, 0, skeleton->data, skeleton->len);
    return hash != 0 ? hash : 1;
}

static bool has_skeleton(const uint64_t skeletons[SKELETONS], uint64_t skeleton)
{
    for (size_t i = 0; i < SKELETONS; i++) {
        if (skeletons[i] == skeleton)
            return true;
    }
    return false;
}

/* The hashes of a name's skeletons; 0: nobody can tell, or it is the same as one before. Case does not
 * count, and yet skeletons depend on it: a small m is like rn, a capital M is not. So what a name looks
 * like is looked at again in small letters. */
static void skeletons_of(const struct hub *hub, const char *name, uint64_t skeletons[SKELETONS])
{
    memset(skeletons, 0, SKELETONS * sizeof *skeletons);
    if (hub->config.skeleton == NULL)
        return;
    struct str text;
    str_init(&text, SIZE_MAX / 4);
    for (size_t i = 0; i < SKELETONS; i++) {
        str_reset(&text);
        str_adds(&text, name);
        make_skeleton(hub, &text, (enum skeleton)i);
        make_skeleton(hub, &text, SKELETON_SEEN);
        uint64_t hash = hash_of(hub, &text);
        skeletons[i] = has_skeleton(skeletons, hash) ? 0 : hash;
    }
    str_release(&text);
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

/* The one who is here and stands for those of that skeleton. */
static struct session *who_has(const struct hub *hub, uint64_t skeleton)
{
    size_t probe = 0;
    for (struct session *here;
         (here = index_find(&hub->skeletons, (uint32_t)skeleton, &probe)) != NULL;) {
        if (has_skeleton(here->skeletons, skeleton))
            return here;
    }
    return NULL;
}

static bool imitates(const struct hub *hub, const struct session *session, const char *nick,
                     uint64_t skeleton)
{
    const struct owner *owner = table_get(&hub->owned_skeletons, &skeleton, sizeof skeleton);
    if (owner != NULL && !is_key_of(hub, owner->key, nick) && !is_by(hub, session, owner->account))
        return true;
    const struct session *here = who_has(hub, skeleton);
    return here != NULL && here != session && !is_key_of(hub, session_key(here), nick) &&
           !connections_same_person(hub, session, here);
}

bool confusables_imitate(const struct hub *hub, const struct session *session, const char *nick)
{
    uint64_t skeletons[SKELETONS];
    /* Whoever owns a name may go by it, whatever it looks like; and nobody else. */
    if (hub->config.skeleton == NULL || hub_owner(hub, nick) != NULL)
        return false;
    skeletons_of(hub, nick, skeletons);
    for (size_t i = 0; i < SKELETONS; i++) {
        if (skeletons[i] != 0 && imitates(hub, session, nick, skeletons[i]))
            return true;
    }
    return false;
}

bool hub_imitates(const struct hub *hub, const struct session *session, const char *nick)
{
    return confusables_imitate(hub, session, nick);
}

void confusables_enter(struct hub *hub, struct session *session)
{
    uint64_t skeletons[SKELETONS];
    skeletons_of(hub, session->nick, skeletons);
    for (size_t i = 0; i < SKELETONS; i++) {
        if (skeletons[i] != 0 && who_has(hub, skeletons[i]) == NULL)
            index_put(&hub->skeletons, (uint32_t)skeletons[i], session);
        session->skeletons[i] = skeletons[i];
    }
}

void confusables_leave(struct hub *hub, struct session *session)
{
    for (size_t i = 0; i < SKELETONS; i++) {
        if (session->skeletons[i] != 0)
            index_remove(&hub->skeletons, (uint32_t)session->skeletons[i], session);
        session->skeletons[i] = 0;
    }
}

/* The first one of a skeleton has the place; `skeletons` lie in it. */
static void put(struct table *table, const uint64_t skeletons[SKELETONS], void *value)
{
    for (size_t i = 0; i < SKELETONS; i++) {
        if (skeletons[i] != 0 && table_get(table, &skeletons[i], sizeof skeletons[i]) == NULL)
            table_put(table, &skeletons[i], sizeof skeletons[i], value);
    }
}

static void take(struct table *table, const uint64_t skeletons[SKELETONS], const void *value)
{
    for (size_t i = 0; i < SKELETONS; i++) {
        if (skeletons[i] != 0 && table_get(table, &skeletons[i], sizeof skeletons[i]) == value)
            table_remove(table, &skeletons[i], sizeof skeletons[i]);
    }
}

void confusables_own(struct hub *hub, struct owner *owner, const char *name)
{
    skeletons_of(hub, name, owner->skeletons);
    put(&hub->owned_skeletons, owner->skeletons, owner);
}

void confusables_disown(struct hub *hub, const struct owner *owner)
{
    take(&hub->owned_skeletons, owner->skeletons, owner);
}

void confusables_open(struct hub *hub, struct room *room)
{
    skeletons_of(hub, room->name, room->skeletons);
    put(&hub->room_skeletons, room->skeletons, room);
}

void confusables_close(struct hub *hub, const struct room *room)
{
    take(&hub->room_skeletons, room->skeletons, room);
}

const struct room *confusables_imitated_room(struct hub *hub, const struct room *room,
                                             const char *name)
{
    uint64_t skeletons[SKELETONS];
    const struct room *other = NULL;
    skeletons_of(hub, name, skeletons);
    for (size_t i = 0; i < SKELETONS && other == NULL; i++) {
        other = skeletons[i] != 0
                    ? table_get(&hub->room_skeletons, &skeletons[i], sizeof skeletons[i])
                    : NULL;
        other = other != room ? other : NULL;
    }
    return other;
}
