/* What snugd does instead of serving: snugd fingerprint, export, check, backup, admit, ... */
#ifndef SNUG_SERVER_ADMIN_TOOLS_H
#define SNUG_SERVER_ADMIN_TOOLS_H

#include "server/config/config.h"

/* Whether there is such a thing to do, and the arguments fit; false with one line in *error. */
bool tools_check(const struct config *config, struct str *error);

/* Does it; false with one line in *error. */
bool tools_run(const struct config *config, struct str *error);

#endif
