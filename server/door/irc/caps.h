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
    CAP_ACCOUNT_NOTIFY = 1u << 10,
    CAP_ACCOUNT_TAG = 1u << 11,
    CAP_AWAY_NOTIFY = 1u << 12,
    CAP_CHGHOST = 1u << 13,
    CAP_EXTENDED_MONITOR = 1u << 14,
    CAP_INVITE_NOTIFY = 1u << 15,
    CAP_SETNAME = 1u << 16,
    CAP_CHANNEL_RENAME = 1u << 17,
    CAP_EXTENDED_ISUPPORT = 1u << 18,
    CAP_MULTILINE = 1u << 19,
    CAP_NO_IMPLICIT_NAMES = 1u << 20,
    CAP_PRE_AWAY = 1u << 21,
    CAP_CHATHISTORY = 1u << 22, /* those that need the log */
    CAP_EVENT_PLAYBACK = 1u << 23,
    CAP_REDACTION = 1u << 24,
    CAP_READ_MARKER = 1u << 25,
    CAP_SEARCH = 1u << 26,
    CAP_SASL = 1u << 27,
    CAP_ACCOUNT_REGISTRATION = 1u << 28,
    CAP_METADATA_2 = 1u << 29,
    CAP_METADATA_3 = 1u << 30,
};

/* Whether this client has all of these in use. */
static inline bool irc_has(const struct irc_client *client, unsigned caps)
{
    return (client->caps & caps) == caps;
}

/* From now on it has these in use and no others. */
void irc_caps_set(struct irc_client *client, unsigned bits);

/* Tells the client, if it wants to know, which capabilities the configuration has changed (cap-notify). */
void irc_caps_changed(struct irc_client *client);

/* The command CAP. */
void irc_cap(struct irc_client *client, const struct irc_message *message);

#endif
