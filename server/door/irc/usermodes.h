/* The letters of what people say of themselves (user modes). */
#ifndef SNUG_SERVER_DOOR_IRC_USERMODES_H
#define SNUG_SERVER_DOOR_IRC_USERMODES_H

#include "server/door/irc/client.h"

enum { IRC_USERMODES_BYTES = 8 };

/* "BRiow": for RPL_MYINFO. */
extern const char irc_usermode_letters[];

/* The SESSION_ flag of a letter; 0 for an unknown one. */
unsigned irc_usermode_flag(char letter);

/* Writes flags as "+iw". */
void irc_usermode_write(char modes[IRC_USERMODES_BYTES], unsigned flags);

/* Tells the client how its flags have changed since they were `before`, if they have. */
void irc_usermode_tell(struct irc_client *client, unsigned before);

#endif
