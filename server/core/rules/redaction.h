/* Taking back what was said. */
#ifndef SNUG_SERVER_CORE_RULES_REDACTION_H
#define SNUG_SERVER_CORE_RULES_REDACTION_H

#include "server/core/rules/step.h"

/* The rule of COMMAND_REDACT. */
void redaction_redact(struct step *step);

/* The ends of its entries. */
void redaction_tailed(struct step *step, const struct event *event);
void redaction_failed(struct step *step, const struct event *event);

#endif
