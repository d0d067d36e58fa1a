/* What operators say of names: ADMIT, UNADMIT, GRANT, REVOKE, RELEASE. */
#ifndef SNUG_SERVER_DOOR_IRC_KNOWN_H
#define SNUG_SERVER_DOOR_IRC_KNOWN_H

#include "server/door/irc/client.h"

/* Tells what is known of a name. */
void irc_known_tell(struct irc_client *client, const char *name);

#endif
