/* The answer to LIST: the rooms that there are, sorted. */
#ifndef SNUG_CLIENT_SESSION_LISTING_H
#define SNUG_CLIENT_SESSION_LISTING_H

#include <stddef.h>

struct incoming;
struct session;
struct str;

struct listed;

/* The rooms that LIST has named so far. */
struct listing {
    struct listed *rooms;
    size_t count, size, left_out;
};

/* Forgets what has come of it. */
void listing_release(struct session *s);

/* 322: one more room. */
void listing_add(struct session *s, const struct incoming *in);

/* All rooms were named: appends them, and forgets them. */
void listing_end(struct session *s, struct str *out);

#endif
