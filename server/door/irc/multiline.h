/* A message of several lines on its way in (IRCv3 draft/multiline): a client opens a batch, sends lines
 * into it, and closes it; only then it is said. */
#ifndef SNUG_SERVER_DOOR_IRC_MULTILINE_H
#define SNUG_SERVER_DOOR_IRC_MULTILINE_H

#include "server/door/irc/client.h"

/* Takes a message that is meant for the open batch; false if it is not. */
bool irc_multiline_take(struct irc_client *client, const struct irc_message *message);

void irc_multiline_free(struct irc_multiline *multiline);

#endif
