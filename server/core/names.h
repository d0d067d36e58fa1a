/* What may be a name, and the ways to look at one. The same for every door: a name that one door let in must
 * be sayable through all others. */
#ifndef SNUG_SERVER_CORE_NAMES_H
#define SNUG_SERVER_CORE_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

/* The skeletons of a name (UTS #39), since what it looks like depends on the reader: a capital I and a small
 * l are drawn alike, and a name is the same in letters of any size. */
enum skeleton {
    SKELETON_KNOWN, /* each letter is taken for what it is: a capital I is an i */
    SKELETON_SEEN,  /* for what it is drawn like: it is an l */
    SKELETON_GUESSED, /* among capitals what is drawn like an l is an I, and so is a 1 within a word */
    SKELETONS,
};

/* Whether this may be a nick: letters of any script, digits and []\`_^{|}- ; no digit or '-' in front
 * (RFC 2812, 2.3.1, widened to UTF-8). */
bool name_is_nick(const char *nick, size_t max_bytes);

/* Whether this may be a room's name: '#', then anything visible but a comma (RFC 2812, 1.3). */
bool name_is_room(const char *name, size_t max_bytes);

/* Whether this may be the name of a room that is there already: invisible characters were allowed once. */
bool name_was_room(const char *name, size_t max_bytes);

/* Whether a text may be shown as somebody's host: letters, digits and . - : / _ ; no colon in front. */
bool name_is_host(const char *host, size_t max_bytes);

/* Writes the key under which a name is compared: case, width and compatibility forms are folded. */
void name_key(struct str *key, const char *name);

/* The key by itself, of a name or mask; to be freed. */
char *name_key_new(const char *name);

/* Writes the name of the log of two people's conversation, the same from both sides. */
void name_conversation(struct str *log, const char *key_a, const char *key_b);

/* The longest name_key() of a name of that many bytes, and its NUL. */
size_t name_key_max(size_t name_bytes);

#endif
