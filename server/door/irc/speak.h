/* Speech, however it came in. */
#ifndef SNUG_SERVER_DOOR_IRC_SPEAK_H
#define SNUG_SERVER_DOOR_IRC_SPEAK_H

#include "server/door/irc/client.h"

/* Adds a message's client-only tags, as they are, to `out`. */
void irc_speak_tags(const struct irc_message *message, struct str *out);

/* One message of several lines; the others are as in a command, and may be NULL. */
struct irc_lines {
    const char *target;
    char *text; /* may be changed */
    const char *joints;
    const char *tags;
    const char *client_id;
    bool notice;
};

/* Says it. */
void irc_speak_lines(struct irc_client *client, const struct irc_lines *lines);

#endif
