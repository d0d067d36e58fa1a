/* Lists with commas, as JOIN, PRIVMSG and others take them. */
#ifndef SNUG_SERVER_DOOR_IRC_TARGETS_H
#define SNUG_SERVER_DOOR_IRC_TARGETS_H

#include <stdbool.h>

/* Takes the next item out of a list in place: returns it and moves *list behind it; NULL at the
 * end. Empty items are skipped. */
char *irc_next_target(char **list);

/* The same of a list in which an item's place says what it belongs to: empty ones are returned, too. */
char *irc_next_place(char **list);

/* Whether a list names nothing. */
bool irc_no_target(const char *list);

#endif
