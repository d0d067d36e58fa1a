/* What the door tells about rooms. */
#ifndef SNUG_SERVER_DOOR_IRC_ROOMS_H
#define SNUG_SERVER_DOOR_IRC_ROOMS_H

#include "server/door/irc/client.h"

/* What is told after one's own join: the topic, if there is one, and the names. */
void irc_rooms_entered(struct irc_client *client, const char *name);

/* RPL_TOPIC and who set it, or RPL_NOTOPIC. */
void irc_rooms_topic(struct irc_client *client, const struct room *room);

/* RPL_NAMREPLY for all in the room, and RPL_ENDOFNAMES. */
void irc_rooms_names(struct irc_client *client, const struct room *room);

#endif
