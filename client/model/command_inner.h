/* The functions of the command table that lie in files of their own; not for others. */
#ifndef SNUG_CLIENT_MODEL_COMMAND_INNER_H
#define SNUG_CLIENT_MODEL_COMMAND_INNER_H

#include "client/model/command.h"

/* command_set.c */
bool command_ignore(struct call *call);
bool command_unignore(struct call *call);
bool command_set(struct call *call);

#endif
