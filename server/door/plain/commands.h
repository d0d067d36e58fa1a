/* The lines of somebody who is inside: speech, the words that stand alone, and the '/' commands, one
 * row of a table each. */
#ifndef SNUG_SERVER_DOOR_PLAIN_COMMANDS_H
#define SNUG_SERVER_DOOR_PLAIN_COMMANDS_H

#include "server/door/door.h"
#include "server/door/plain/client.h"

/* Carries out one line; says DOOR_WAIT if it is not its turn yet. The text may be changed. */
enum door_result plain_dispatch(struct plain_client *client, char *text);

/* Takes trailing spaces off, and says whether this line alone means to leave. */
bool plain_is_quit(char *text);

#endif
