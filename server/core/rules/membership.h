/* Joins and departures. */
#ifndef SNUG_SERVER_CORE_RULES_MEMBERSHIP_H
#define SNUG_SERVER_CORE_RULES_MEMBERSHIP_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_JOIN, COMMAND_PART and COMMAND_KICK. */
void membership_join(struct step *step);
void membership_part(struct step *step);
void membership_kick(struct step *step);

/* The ends of their entries. */
void membership_join_tailed(struct step *step, const struct event *event);
void membership_part_tailed(struct step *step, const struct event *event);
void membership_kick_tailed(struct step *step, const struct event *event);
void membership_join_failed(struct step *step, const struct event *event);

/* Puts the step's session into the room of that name, which is made if there is none, or refuses. */
void membership_join_room(struct step *step, const char *name);

#endif
