#include "client/model/member.h"

#include "common/alloc.h"
#include "common/str.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    MEMBER_KEY_MAX_BYTES = 2048,
};

char *member_key(const char *nick)
{
    struct str key;
    str_init(&key, MEMBER_KEY_MAX_BYTES);
    if (!text_fold(&key, nick, strlen(nick)))
        str_add(&key, nick, strnlen(nick, MEMBER_KEY_MAX_BYTES));
    return str_detach(&key);
}

bool member_same(const char *a, const char *b)
{
    char *key_a = member_key(a), *key_b = member_key(b);
    bool same = strcmp(key_a, key_b) == 0;
    free(key_a);
    free(key_b);
    return same;
}

static void member_release(struct member *member)
{
    free(member->nick);
    free(member->key);
}

void members_release(struct members *members)
{
    for (size_t i = 0; i < members->count; i++)
        member_release(&members->list[i]);
    free(members->list);
    *members = (struct members){0};
}

/* The index of the first member whose key is not before `key`. */
static size_t members_place(const struct members *members, const char *key)
{
    size_t low = 0, high = members->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(members->list[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct member *members_at(const struct members *members, size_t place, const char *key)
{
    if (place < members->count && strcmp(members->list[place].key, key) == 0)
        return &members->list[place];
    return NULL;
}

struct member *members_find(const struct members *members, const char *nick)
{
    char *key = member_key(nick);
    struct member *member = members_at(members, members_place(members, key), key);
    free(key);
    return member;
}

static size_t nick_cols(const struct member *member)
{
    return text_width(member->nick, strlen(member->nick));
}

/* Puts the member where it belongs; its strings become the list's. */
static void members_insert(struct members *members, size_t place, struct member member)
{
    if (members->count == members->size) {
        members->size = members->size ? members->size * 2 : 16;
        members->list = xreallocarray(members->list, members->size, sizeof(member));
    }
    memmove(&members->list[place + 1], &members->list[place],
            (members->count - place) * sizeof(member));
    members->list[place] = member;
    members->count++;
    size_t cols = nick_cols(&member);
    members->widest_cols = cols > members->widest_cols ? cols : members->widest_cols;
}

static void measure_again(struct members *members)
{
    members->widest_cols = 0;
    for (size_t i = 0; i < members->count; i++) {
        size_t cols = nick_cols(&members->list[i]);
        members->widest_cols = cols > members->widest_cols ? cols : members->widest_cols;
    }
}

static struct member members_take(struct members *members, struct member *member)
{
    struct member taken = *member;
    size_t place = (size_t)(member - members->list);
    members->count--;
    memmove(member, member + 1, (members->count - place) * sizeof(*member));
    if (nick_cols(&taken) == members->widest_cols)
        measure_again(members);
    return taken;
}

bool members_add(struct members *members, const char *nick, char prefix)
{
    char *key = member_key(nick);
    size_t place = members_place(members, key);
    struct member *there = members_at(members, place, key);
    if (there) {
        there->prefix = prefix;
        free(key);
        return true;
    }
    if (members->count == MEMBERS_MAX) {
        free(key);
        return false;
    }
    members_insert(members, place,
                   (struct member){.nick = xstrdup(nick), .key = key, .prefix = prefix});
    return true;
}

bool members_remove(struct members *members, const char *nick)
{
    struct member *there = members_find(members, nick);
    if (!there)
        return false;
    struct member taken = members_take(members, there);
    member_release(&taken);
    return true;
}

bool members_rename(struct members *members, const char *nick, const char *new_nick)
{
    struct member *there = members_find(members, nick);
    if (!there)
        return false;
    struct member renamed = members_take(members, there);
    member_release(&renamed);
    members_remove(members, new_nick);
    renamed.nick = xstrdup(new_nick);
    renamed.key = member_key(new_nick);
    members_insert(members, members_place(members, renamed.key), renamed);
    return true;
}
