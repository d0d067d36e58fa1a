/* How far somebody has read: a time for each room or person. Kept with the account for good, and
 * without one as long as the session lasts, since nobody can tell who bears a nick tomorrow. */
#ifndef SNUG_SERVER_CORE_MARKS_H
#define SNUG_SERVER_CORE_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mark {
    char *key; /* the room's log, or the folded name */
    int64_t time_ms;
};

/* Those of one account or session, the one set last at the end. */
struct marks {
    struct mark *items;
    size_t count;
};

/* Moves the mark of that key forward to a time, or leaves it. False if it is there already, or
 * further. *evicted is the key of one that had to make place, to be freed, or NULL. */
bool marks_set(struct marks *marks, const char *key, int64_t time_ms, size_t max, char **evicted);

/* 0: there is none. */
int64_t marks_get(const struct marks *marks, const char *key);

/* Frees them; there are none then. */
void marks_release(struct marks *marks);

#endif
