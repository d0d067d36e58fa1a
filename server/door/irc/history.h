/* What was said before, for clients that ask (IRCv3 draft/chathistory). */
#ifndef SNUG_SERVER_DOOR_IRC_HISTORY_H
#define SNUG_SERVER_DOOR_IRC_HISTORY_H

#include "server/door/irc/client.h"

/* Writes an entry of the past in the form that the client understands, or nothing. */
void irc_history_write(struct irc_client *client, const struct event *event);

#endif
