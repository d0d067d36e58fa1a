/* Bans from the server and, for a time, from channels: KLINE, UNKLINE, TIMEDBAN. */
#ifndef SNUG_SERVER_DOOR_IRC_BANS_H
#define SNUG_SERVER_DOOR_IRC_BANS_H

#include "server/door/irc/client.h"

/* Reads how long something is to hold ("30m", "2h", "7d"; a number alone: minutes) into when it ends.
 * False, and the client is told (FAIL command), if it is no such time. */
bool irc_ban_until(struct irc_client *client, const char *command, const char *text,
                   int64_t *until_ms);

/* IRC takes the first colon of an address such as "::1" for the mark of a last parameter, and what stands
 * behind it for a part of it. Appends the whole address to an empty string, and returns what stands behind
 * ("": nothing); NULL, with nothing appended, if the parameter is no such address. */
char *irc_ban_address(struct str *address, char *param);

/* Whether that may be added to a list of masks of the room under that letter; else the client is told. */
bool irc_ban_takes(struct irc_client *client, const char *room, char letter, const char *mask);

#endif
