/* What this server tells about itself and its limits: 004 and 005. */
#ifndef SNUG_SERVER_DOOR_IRC_ISUPPORT_H
#define SNUG_SERVER_DOOR_IRC_ISUPPORT_H

#include "server/door/irc/client.h"

/* RPL_MYINFO: name, version, modes. */
void irc_isupport_myinfo(struct irc_client *client);

/* RPL_ISUPPORT, as many lines as it takes. */
void irc_isupport_send(struct irc_client *client);

/* What of it, and of the capabilities, the configuration can change, as one number. */
uint32_t irc_limits_hash(const struct irc_client *client);

#endif
