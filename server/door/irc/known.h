/* What operators say of names: ADMIT, UNADMIT, GRANT, REVOKE, RELEASE. */
#ifndef SNUG_SERVER_DOOR_IRC_KNOWN_H
#define SNUG_SERVER_DOOR_IRC_KNOWN_H

#include "server/door/irc/client.h"

/* Tells what is known of a name, and the remark, if there is one. */
void irc_known_tell(struct irc_client *client, const char *name, const char *remark);

#endif
