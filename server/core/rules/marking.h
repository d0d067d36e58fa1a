/* How far somebody has read. */
#ifndef SNUG_SERVER_CORE_RULES_MARKING_H
#define SNUG_SERVER_CORE_RULES_MARKING_H

#include "server/core/rules/step.h"

/* The rule of COMMAND_MARK. */
void marking_mark(struct step *step);

/* Frees those of all accounts. */
void marking_release(struct hub *hub);

/* Forgets those of an account, by its folded name, on disk as well. */
void marking_forget_account(struct step *step, const char *key);

#endif
