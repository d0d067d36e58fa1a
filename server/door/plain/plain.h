/* The door for telnet, nc and twenty-line scripts: lines of text, and nothing to be known.
 *
 * It asks for a name and then takes each line as speech, except for a few words
 * (`quit`, `to:bob`) and those that begin with '/'. What others do is told in plain
 * lines. It says everything in clear text, and no byte of others acts on a terminal. */
#ifndef SNUG_SERVER_DOOR_PLAIN_PLAIN_H
#define SNUG_SERVER_DOOR_PLAIN_PLAIN_H

#include "server/door/door.h"

enum {
    PLAIN_EARLIER_LINES = 10, /* unless somebody says otherwise */
    PLAIN_EARLIER_MAX = 500,
};

struct plain_config {
    bool guests;          /* nobody is asked for a name */
    size_t earlier_lines; /* shown to whoever enters a room, at most PLAIN_EARLIER_MAX; 0: none */

    /* How far the clock on the wall is ahead of UTC at that moment, in seconds. */
    int (*ahead_s)(int64_t time_ms);
};

struct plain_door;

/* A door with these settings, owned by the caller. It outlives every connection that it opened. */
struct plain_door *plain_door_new(const struct plain_config *config);
void plain_door_free(struct plain_door *door);

/* How the pump opens it. */
struct door plain_door_handle(struct plain_door *door);

#endif
