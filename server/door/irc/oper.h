/* Passwords and privileges. */
#ifndef SNUG_SERVER_DOOR_IRC_OPER_H
#define SNUG_SERVER_DOOR_IRC_OPER_H

#include "server/door/irc/client.h"

/* Whether two passwords are the same; takes a time that tells nothing of where they differ. */
bool irc_same_password(const char *expected, const char *given);

/* Whether the client is an operator of the server; irc_no_privileges() says that it is not. */
bool irc_is_operator(const struct irc_client *client);
void irc_no_privileges(struct irc_client *client);

/* Whether somebody at that address guessed too often; then it is told how long to wait (464). */
bool irc_must_wait(struct irc_client *client);

#endif
