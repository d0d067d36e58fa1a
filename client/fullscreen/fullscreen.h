/*
 * snug in a terminal: keys to the model, the model to the screen.
 *
 * What a key does is drawn at once; what arrives waits for the frame, of which there are at most
 * sixty a second, and none while the terminal has not taken the one before.
 */
#ifndef SNUG_CLIENT_FULLSCREEN_FULLSCREEN_H
#define SNUG_CLIENT_FULLSCREEN_FULLSCREEN_H

#include "client/disk/autosave.h"
#include "client/fullscreen/paint.h"
#include "client/session/session.h"
#include "client/uplink.h"
#include "common/str.h"

/* What is set at the start, and the file where /save keeps what is set then; NULL: nowhere. */
struct preferences {
    const struct settings *settings;
    const char *path;
};

/*
 * Runs until the user leaves. Returns the program's exit status, or -1, with `error` set, if the
 * terminal cannot be had. All is borrowed.
 */
int fullscreen_run(const struct uplink_config *uplink, const struct session_config *session,
                   const struct autosave_config *autosave, const struct preferences *preferences,
                   const struct terminal *terminal, struct str *error);

#endif
