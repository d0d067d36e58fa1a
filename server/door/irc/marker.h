/* How far one has read (IRCv3 draft/read-marker). */
#ifndef SNUG_SERVER_DOOR_IRC_MARKER_H
#define SNUG_SERVER_DOOR_IRC_MARKER_H

#include "server/door/irc/client.h"

/* MARKREAD with the time up to which the client's person has read a room or conversation, or '*'. */
void irc_marker_send(struct irc_client *client, const char *target);

/* Words the refusal of a mark; false if the note is about another command. */
bool irc_marker_refused(struct irc_client *client, const struct note *note);

#endif
