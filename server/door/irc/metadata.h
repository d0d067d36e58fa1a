/* What people tell about themselves and their channels (IRCv3 draft/metadata-2, and draft/metadata-3,
 * which tells changes by numerics): the parts that other commands need. */
#ifndef SNUG_SERVER_DOOR_IRC_METADATA_H
#define SNUG_SERVER_DOOR_IRC_METADATA_H

#include "server/door/irc/client.h"

enum {
    IRC_METADATA_SUBS = 50, /* keys that one client may subscribe to */
};

/* The keys that a client wants to be told of; a client without any has none of these. */
struct irc_subs {
    size_t count;
    char *keys[IRC_METADATA_SUBS];
};

void irc_subs_free(struct irc_subs *subs);

/* Whether the client wants to be told of that key. */
bool irc_subscribed(const struct irc_client *client, const char *key);

/* Tells a change of EVENT_TRAIT, if the client subscribes to its key. */
void irc_metadata_tell(struct irc_client *client, const struct event *event);

/* Tells what is set of a person, as far as the client subscribes to it. */
void irc_metadata_person(struct irc_client *client, const struct session *who);

/* The same of a channel and all who are in it, in a batch; of a large channel only that there may be
 * something to ask for, unless it is asked for. */
void irc_metadata_channel(struct irc_client *client, const struct room *room, bool asked);

/* Tells one who has just registered what he has set. */
void irc_metadata_welcome(struct irc_client *client);

/* Adds what is set of a person to a WHOIS. */
void irc_metadata_whois(struct irc_client *client, const struct session *who);

/* Words the end of a change, and its refusal; the latter false if the note is about another command. */
void irc_metadata_done(struct irc_client *client, const struct note *note);
bool irc_metadata_refused(struct irc_client *client, const struct note *note);

#endif
