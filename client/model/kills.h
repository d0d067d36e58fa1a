/* Killed texts, newest last, to be yanked back. Bounded: the oldest are forgotten. */
#ifndef SNUG_CLIENT_MODEL_KILLS_H
#define SNUG_CLIENT_MODEL_KILLS_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KILLS_MAX = 16,
};

enum kill_how {
    KILL_NEW,
    KILL_APPEND, /* to the newest: a kill forward that follows another */
    KILL_PREPEND,
};

struct kills;

struct kills *kills_new(void);
void kills_free(struct kills *kills);

/* Keeps a copy of the text. */
void kills_add(struct kills *kills, enum kill_how how, const char *text, size_t len);

/* The text killed `back` before the newest, counted around; borrowed until the next kill. NULL:
 * nothing was killed yet. */
const char *kills_at(const struct kills *kills, size_t back, size_t *len);

#endif
