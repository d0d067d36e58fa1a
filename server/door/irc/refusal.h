/* The hub's refusals in the words of IRC. */
#ifndef SNUG_SERVER_DOOR_IRC_REFUSAL_H
#define SNUG_SERVER_DOOR_IRC_REFUSAL_H

#include "server/door/irc/client.h"

/* Tells a client why its command was refused. */
void irc_refuse(struct irc_client *client, const struct note *note);

#endif
