/* Where the client keeps its state, by the XDG Base Directory Specification. */
#ifndef SNUG_CLIENT_DISK_PLACE_H
#define SNUG_CLIENT_DISK_PLACE_H

#include <stdbool.h>

struct str;

enum { PLACE_MAX_BYTES = 4096 };

/* Appends $XDG_STATE_HOME/snug, or ~/.local/state/snug, which is made for its owner alone where it is
 * missing. False, and `error` set, if there is no such place. */
bool place_state(struct str *path, struct str *error);

#endif
