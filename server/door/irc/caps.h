/* The capabilities, one row of a table each, and their negotiation (CAP, IRCv3.2). */
#ifndef SNUG_SERVER_DOOR_IRC_CAPS_H
#define SNUG_SERVER_DOOR_IRC_CAPS_H

#include "server/door/irc/client.h"

enum irc_cap {
    CAP_BATCH = 1u << 0,
    CAP_NOTIFY = 1u << 1,
    CAP_ECHO_MESSAGE = 1u << 2,
    CAP_EXTENDED_JOIN = 1u << 3,
    CAP_LABELED_RESPONSE = 1u << 4,
    CAP_MESSAGE_TAGS = 1u << 5,
    CAP_MULTI_PREFIX = 1u << 6,
    CAP_SERVER_TIME = 1u << 7,
    CAP_STANDARD_REPLIES = 1u << 8,
    CAP_USERHOST_IN_NAMES = 1u << 9,
    CAP_CHATHISTORY = 1u << 20, /* those that need the log */
    CAP_EVENT_PLAYBACK = 1u << 21,
};

/* Whether this client has all of these in use. */
static inline bool irc_has(const struct irc_client *client, unsigned caps)
{
    return (client->caps & caps) == caps;
}

/* The command CAP. */
void irc_cap(struct irc_client *client, const struct irc_message *message);

#endif
