/*
 * snug without a terminal: lines in are spoken, lines out are what was heard.
 *
 * Lines are taken no faster than the server acknowledges them. At the end of input it leaves, once
 * everything was acknowledged.
 */
#ifndef SNUG_CLIENT_LINEMODE_LINEMODE_H
#define SNUG_CLIENT_LINEMODE_LINEMODE_H

#include "client/session/session.h"
#include "client/uplink.h"

enum linemode_format {
    LINEMODE_TEXT,
    LINEMODE_JSON, /* an object a line */
};

struct linemode_config {
    enum linemode_format format;
    /* say this instead of the input, print nothing but what answers it, and leave */
    const char *once;
    /* give messages to this command instead of printing them; stay until a signal */
    const char *exec;
    const struct settings *settings;
};

/*
 * Speaks to the first of the session's rooms. Returns the program's exit status: 0 if all was
 * delivered, 1, with a line on standard error, if not.
 */
int linemode_run(const struct uplink_config *uplink, const struct session_config *session,
                 const struct linemode_config *config);

#endif
