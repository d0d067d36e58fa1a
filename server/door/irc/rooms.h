/* What the door tells about rooms. */
#ifndef SNUG_SERVER_DOOR_IRC_ROOMS_H
#define SNUG_SERVER_DOOR_IRC_ROOMS_H

#include "server/door/irc/client.h"

/* What is told after one's own join: the topic, if there is one, and the names. */
void irc_rooms_entered(struct irc_client *client, const char *name);

#endif
