/* What may be configured anew while people are connected: a server that is told to reads its options
 * and its file again, and goes on. */
#ifndef SNUG_SERVER_RELOAD_H
#define SNUG_SERVER_RELOAD_H

#include <stdbool.h>

#include "common/str.h"
#include "server/config/config.h"
#include "server/core/hub.h"
#include "server/door/irc/irc.h"
#include "server/pump/pump.h"

struct reload {
    int argc;
    char *const *argv; /* as the program was started */
    struct hub *hub;
    struct irc_door *irc;
    struct pump *pump;
    struct store *store;
};

/* What the IRC door is to be told; borrows from the config and the message of the day. */
struct irc_config reload_irc_config(const struct config *config, const char *motd);

/* Reads all again; false, with one line in *error and nothing changed, if something is wrong. */
bool reload_run(const struct reload *reload, struct str *error);

#endif
