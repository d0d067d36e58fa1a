/* The ways a room can be run, a row each: the letter under which logs and doors
 * write it, what kind it is, and the rank that may change it. */
#ifndef SNUG_SERVER_CORE_MODES_H
#define SNUG_SERVER_CORE_MODES_H

#include <stddef.h>

#include "common/str.h"
#include "server/core/room.h"

enum mode_kind {
    MODE_FLAG,     /* no argument */
    MODE_PASSWORD, /* an argument when added, anything when removed */
    MODE_LIMIT,    /* an argument when added */
    MODE_LIST,     /* a mask */
    MODE_RANK,     /* a member's nick */
};

struct mode {
    char letter;
    enum mode_kind kind;
    unsigned bit;    /* enum room_flag, enum rank or enum room_list */
    unsigned needed; /* the least rank that may change it */
};

/* All modes; `count` is set to how many. */
const struct mode *modes_all(size_t *count);

/* The mode of that letter, or NULL. */
const struct mode *modes_find(char letter);

/* Writes how the room is run as "+knt", and the arguments behind it where `secrets` is true. */
void modes_write(struct str *out, const struct room *room, bool secrets);

/* Whether the highest of these ranks is above the highest of those. */
bool rank_exceeds(unsigned ranks, unsigned others);

/* Whether these ranks are at least that one. */
bool rank_reaches(unsigned ranks, unsigned needed);

#endif
