/* Killed texts, newest last, to be yanked back. Bounded: the oldest are forgotten. */
#ifndef SNUG_CLIENT_MODEL_KILL_RING_H
#define SNUG_CLIENT_MODEL_KILL_RING_H

#include <stdbool.h>
#include <stddef.h>

enum {
    KILL_RING_MAX = 16,
};

enum kill_how {
    KILL_NEW,
    KILL_APPEND, /* to the newest: a kill forward that follows another */
    KILL_PREPEND,
};

struct kill_ring;

struct kill_ring *kill_ring_new(void);
void kill_ring_free(struct kill_ring *kill_ring);

/* Keeps a copy of the text. */
void kill_ring_add(struct kill_ring *kill_ring, enum kill_how how, const char *text, size_t len);

/* The text killed `back` before the newest, counted around; borrowed until the next kill. NULL:
 * nothing was killed yet. */
const char *kill_ring_at(const struct kill_ring *kill_ring, size_t back, size_t *len);

#endif
