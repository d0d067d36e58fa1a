/* How a room is run. */
#ifndef SNUG_SERVER_CORE_RULES_CONDUCT_H
#define SNUG_SERVER_CORE_RULES_CONDUCT_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_MODE and COMMAND_RENAME. */
void conduct_mode(struct step *step);
void conduct_rename(struct step *step);

/* The end of an entry of modes, or of a new name. */
void conduct_tailed(struct step *step, const struct event *event);

#endif
