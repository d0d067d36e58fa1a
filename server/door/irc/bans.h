/* Bans from the server and, for a time, from channels: KLINE, UNKLINE, TIMEDBAN. */
#ifndef SNUG_SERVER_DOOR_IRC_BANS_H
#define SNUG_SERVER_DOOR_IRC_BANS_H

#include "server/door/irc/client.h"

/* Reads how long something is to hold ("30m", "2h", "7d"; a number alone: minutes) into when it ends.
 * False, and the client is told (FAIL command), if it is no such time. */
bool irc_ban_until(struct irc_client *client, const char *command, const char *text,
                   int64_t *until_ms);

#endif
