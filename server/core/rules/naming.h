/* Nicks: who may have which, and who holds it. */
#ifndef SNUG_SERVER_CORE_RULES_NAMING_H
#define SNUG_SERVER_CORE_RULES_NAMING_H

#include "server/core/rules/step.h"

/* The rule of COMMAND_NAME. */
void naming_name(struct step *step);

/* The session holds its nick from now on, and whoever held it does not. */
void naming_hold(struct hub *hub, struct session *session);

/* Takes back a name that cannot be the step's session's: it has to find another one. */
void naming_lose(struct step *step, enum refusal refusal);

/* The nick of a session that has entered is about to be free: notes whose it was, and tells those who watch
 * it. */
void naming_leave(struct step *step, const struct session *session);

/* The session holds its nick no longer, if it did. */
void naming_free(struct hub *hub, struct session *session);

#endif
