/* Who is in a room: sorted by name, found in any spelling. Bounded. Knows nothing of buffers. */
#ifndef SNUG_CLIENT_MODEL_MEMBER_H
#define SNUG_CLIENT_MODEL_MEMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    MEMBERS_MAX = 20000, /* who comes after that is not listed */
};

struct member {
    char *nick;
    char *key;   /* the nick folded: how names are compared and sorted */
    char prefix; /* '@', '+', ...; ' ' for none */
    bool away;
    uint64_t spoke; /* id of the last line said here; 0: none */
};

struct members {
    struct member *list; /* sorted by key */
    size_t count, size;
    size_t widest_cols; /* of their nicks: asked for with every key, whoever is here */
};

/* The folded nick, owned by the caller; and whether two nicks are the same person's. */
char *member_key(const char *nick);
bool member_same(const char *a, const char *b);

/* Zeroed members are empty; release frees the list and leaves it empty. */
void members_release(struct members *members);

/* Adds the nick, or gives it this prefix when it is there. False: the list is full. */
bool members_add(struct members *members, const char *nick, char prefix);

/* False: was not there. */
bool members_remove(struct members *members, const char *nick);

/* Keeps prefix and the rest. False: was not there. */
bool members_rename(struct members *members, const char *nick, const char *new_nick);

/* The member of that nick in any spelling, or NULL; borrowed until the list changes. */
struct member *members_find(const struct members *members, const char *nick);

#endif
