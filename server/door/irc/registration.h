/* How a connection becomes somebody: CAP, PASS, NICK and USER up to the welcome. */
#ifndef SNUG_SERVER_DOOR_IRC_REGISTRATION_H
#define SNUG_SERVER_DOOR_IRC_REGISTRATION_H

#include "server/door/irc/client.h"

/* Enters the hub if all that is needed has been said. */
void irc_registration_try(struct irc_client *client);

/* Greets a client that has just entered: 001 to 005, LUSERS and the message of the day. */
void irc_registration_welcome(struct irc_client *client);

#endif
