/* A text cut into what goes on one line each: at its line ends, where its speaker's client cut
 * it, and where a line would be too long. */
#ifndef SNUG_SERVER_DOOR_IRC_PIECES_H
#define SNUG_SERVER_DOOR_IRC_PIECES_H

#include <stdbool.h>
#include <stddef.h>

#include "server/core/types.h"

struct pieces {
    const char *text;
    size_t at;
    size_t len;
    const char *joints; /* those that are still ahead; see struct event */
    size_t max_bytes;
    bool joined; /* the next piece goes on with the line of the one before */
    bool done;
};

struct piece {
    const char *text;
    size_t len;
    bool joined;
};

/* The pieces of an event's text, which is borrowed; none is longer than that. */
struct pieces pieces_of(const struct event *event, size_t max_bytes);

/* Gives one piece after the other, at least one; false at the end. */
bool pieces_next(struct pieces *pieces, struct piece *piece);

/* Whether there is more than one. */
bool pieces_several(const struct event *event, size_t max_bytes);

#endif
