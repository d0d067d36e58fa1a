/* A server from its options to its end: the parts are made, the log is opened, then the doors. */
#ifndef SNUG_SERVER_SERVE_H
#define SNUG_SERVER_SERVE_H

#include "server/config/config.h"

/* Serves, with options that are known to be right, until it is told to stop. `argc` and `argv` are what the
 * program was started with: on SIGHUP they are read again. False with one line in *error if it could not
 * begin. */
bool serve(const struct config *config, int argc, char *const *argv, struct str *error);

#endif
