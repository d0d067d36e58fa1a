/* Where the client keeps its state, by the XDG Base Directory Specification. */
#ifndef SNUG_CLIENT_DISK_STATE_DIR_H
#define SNUG_CLIENT_DISK_STATE_DIR_H

#include <stdbool.h>

struct str;

enum { STATE_DIR_MAX_BYTES = 4096 };

/* Appends $XDG_STATE_HOME/snug, or ~/.local/state/snug, which is made for its owner alone where it is
 * missing. False, and `error` set, if there is no such place. */
bool state_dir_find(struct str *path, struct str *error);

#endif
