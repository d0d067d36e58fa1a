/* Coming and going. */
#ifndef SNUG_SERVER_CORE_RULES_PRESENCE_H
#define SNUG_SERVER_CORE_RULES_PRESENCE_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_CONNECT, COMMAND_ENTER and COMMAND_LEAVE. */
void presence_connect(struct step *step);
void presence_enter(struct step *step);
void presence_leave(struct step *step);

/* Seats those who could not be when they entered, since the log took nothing. */
void presence_seat_all(struct step *step);

/* Ends the step's session if it is banned from the server; true if it is. */
bool presence_check_ban(struct step *step);

/* The session leaves with all its connections; others are told the reason. */
void presence_end(struct step *step, struct session *session, const char *reason);

/* Ends one connection and tells it why; what that means for its session is the caller's. */
void presence_end_connection(struct step *step, struct connection *connection, const char *reason);

/* A quit or a new nick is in the log of one room: told to those who were not told in another one. */
void presence_tailed(struct step *step, const struct event *event);

/* Forgets a connection that has left when nothing holds it any more; the last one of a session that
 * has left takes it along. */
void presence_settle(struct hub *hub, struct connection *connection);

#endif
