/* What operators say of names, said at the machine while no server runs. */
#ifndef SNUG_SERVER_ADMIN_TOOLS_NAMES_H
#define SNUG_SERVER_ADMIN_TOOLS_NAMES_H

#include "server/config/config.h"

/* Admits, grants, releases, ... the one operand, as the configured action says, and says on standard
 * output that it did. False with one line in *error. */
bool tools_names(const struct config *config, const char *dir, struct str *error);

#endif
