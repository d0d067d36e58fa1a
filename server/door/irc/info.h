/* Answers about the server itself. */
#ifndef SNUG_SERVER_DOOR_IRC_INFO_H
#define SNUG_SERVER_DOOR_IRC_INFO_H

#include "server/door/irc/client.h"

enum { IRC_TIME_TEXT_BYTES = 64 };

/* Writes a time in ms since 1970 for human eyes, in UTC. */
void irc_time_text(char text[IRC_TIME_TEXT_BYTES], int64_t time_ms);

void irc_info_lusers(struct irc_client *client);
void irc_info_motd(struct irc_client *client);

#endif
