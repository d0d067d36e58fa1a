/* Several connections of one person. */
#ifndef SNUG_SERVER_CORE_RULES_CONNECTIONS_H
#define SNUG_SERVER_CORE_RULES_CONNECTIONS_H

#include "server/core/rules/step.h"

/* Whether this one proved to be the same. */
bool connections_same_person(const struct hub *hub, const struct session *a,
                             const struct session *b);

/* The step's connection, whose session is not in yet, becomes one of this session. */
void connections_join(struct step *step, struct session *session);

/* One of several leaves. */
void connections_leave(struct step *step, const char *reason);

/* What the session is by all its connections: secure, and away, as the latest of them says. */
void connections_reckon(struct hub *hub, struct session *session, const struct connection *latest);

#endif
