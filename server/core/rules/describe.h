/* What is told of people and rooms. */
#ifndef SNUG_SERVER_CORE_RULES_DESCRIBE_H
#define SNUG_SERVER_CORE_RULES_DESCRIBE_H

#include "server/core/rules/step.h"

/* The rule of COMMAND_TRAIT. */
void describe_trait(struct step *step);

/* Before and after the step's session changes its account: it is described by that of another. */
void describe_leave_account(struct step *step);
void describe_enter_account(struct step *step);

/* Tells those in a room, unless it is large, what one who has just come tells about himself. */
void describe_newcomer(struct step *step, const struct room *room, const struct event *join);

/* Frees what all accounts tell. */
void describe_release(struct hub *hub);

/* Forgets what an account tells, by its folded name, on disk as well. */
void describe_forget_account(struct step *step, const char *key);

#endif
