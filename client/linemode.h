/*
 * snug without a terminal: lines in are spoken, lines out are what was heard.
 *
 * Lines are taken no faster than the server acknowledges them. At the end of input it leaves, once
 * everything was acknowledged.
 */
#ifndef SNUG_CLIENT_LINEMODE_H
#define SNUG_CLIENT_LINEMODE_H

#include "client/session/session.h"
#include "client/uplink.h"

/*
 * Speaks to the first of the session's rooms. Returns the program's exit status: 0 if all was
 * delivered, 1, with a line on standard error, if not.
 */
int linemode_run(const struct uplink_config *uplink, const struct session_config *session);

#endif
