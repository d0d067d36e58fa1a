/* What a client is told of those of its commands that nobody else need see. */
#ifndef SNUG_SERVER_DOOR_IRC_DONE_H
#define SNUG_SERVER_DOOR_IRC_DONE_H

#include "server/door/irc/client.h"

/* Words a NOTE_DONE. */
void irc_done(struct irc_client *client, const struct note *note);

/* RPL_AWAY, if that person is away. */
void irc_tell_away(struct irc_client *client, const struct session *who);

#endif
