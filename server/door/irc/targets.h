/* Lists with commas, as JOIN, PRIVMSG and others take them. */
#ifndef SNUG_SERVER_DOOR_IRC_TARGETS_H
#define SNUG_SERVER_DOOR_IRC_TARGETS_H

/* Takes the next item out of a list in place: returns it and moves *list behind it; NULL at the
 * end. Empty items are skipped. */
char *irc_next_target(char **list);

#endif
