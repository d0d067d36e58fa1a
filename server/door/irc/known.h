/* What operators say of names: ADMIT, UNADMIT, GRANT, REVOKE, RELEASE. */
#ifndef SNUG_SERVER_DOOR_IRC_KNOWN_H
#define SNUG_SERVER_DOOR_IRC_KNOWN_H

#include "server/door/irc/client.h"

/* Appends what is known of a name. */
void irc_known_write(const struct irc_client *client, const char *name, struct str *out);

#endif
