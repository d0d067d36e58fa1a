/* What a client is told of those of its commands that nobody else need see. */
#ifndef SNUG_SERVER_DOOR_IRC_DONE_H
#define SNUG_SERVER_DOOR_IRC_DONE_H

#include "server/door/irc/client.h"

/* Words a NOTE_DONE. */
void irc_done(struct irc_client *client, const struct note *note);

/* Tells an operator what he did (NULL: nothing) when it is on disk; his next line waits for that. */
void irc_done_kept(struct irc_client *client, const char *text);

/* RPL_AWAY, if that person is away. */
void irc_tell_away(struct irc_client *client, const struct session *who);

#endif
