/* What people tell about themselves and about rooms, for programs to show: a name and a text each,
 * such as "pronouns" and "she/her". Knows no rule about who may. */
#ifndef SNUG_SERVER_CORE_TRAITS_H
#define SNUG_SERVER_CORE_TRAITS_H

#include <stdbool.h>
#include <stddef.h>

struct trait {
    char *name;
    char *text;
};

/* Those of one person or room, in the order in which they were first told. */
struct traits {
    struct trait *items;
    size_t count;
};

/* Whether this may be a trait's name: a to z, digits and _ . / - (IRCv3 draft/metadata-2, "Keys and Values"). */
bool trait_name_valid(const char *name, size_t max_bytes);

/* The text under that name, borrowed; NULL: there is none. */
const char *traits_get(const struct traits *traits, const char *name);

/* Puts a text (copied) under a name; NULL takes it away. False when nothing has changed by it. */
bool traits_set(struct traits *traits, const char *name, const char *text);

/* Frees them; there are none then. */
void traits_release(struct traits *traits);

#endif
