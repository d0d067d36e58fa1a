/* Names that are owned. */
#ifndef SNUG_SERVER_CORE_RULES_OWNERS_H
#define SNUG_SERVER_CORE_RULES_OWNERS_H

#include "server/core/rules/step.h"

/* The step's command says which one is from now on, or no longer. */
void owners_own(struct step *step);

/* Frees what is known of them. */
void owners_release(struct hub *hub);

/* Whether the session may go by this nick: nobody owns it, or its account does. */
bool owners_allow(struct hub *hub, const struct session *session, const char *nick);

#endif
