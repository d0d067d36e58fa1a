/* Who wants to know of whom. */
#ifndef SNUG_SERVER_CORE_RULES_WATCH_H
#define SNUG_SERVER_CORE_RULES_WATCH_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_WATCH and COMMAND_UNWATCH. */
void watch_add(struct step *step);
void watch_remove(struct step *step);

/* The connection watches nobody any more. */
void watch_forget(struct hub *hub, struct connection *connection);

/* Tells those who watch the session's nick of it: EVENT_ONLINE or EVENT_OFFLINE. */
void watch_tell(struct step *step, const struct session *session, enum event_type type);

#endif
