/* What a client calls its message (the client-only tag +snug.chat/id), so that it may say it again
 * after a lost connection and it is spoken once. */
#ifndef SNUG_SERVER_DOOR_IRC_ONCE_H
#define SNUG_SERVER_DOOR_IRC_ONCE_H

#include "server/door/irc/client.h"

enum {
    IRC_ONCE_BYTES = 64, /* of an id, as it is on the wire */
};

struct irc_once {
    char id[IRC_ONCE_BYTES + 1]; /* "": none */
    struct str each;             /* the id for a further target */
};

/* Takes the id of a message; false, and the client is told, if there is one that is too long. To be
 * ended with irc_once_release() in any case. */
bool irc_once_read(struct irc_once *once, struct irc_client *client,
                   const struct irc_message *message, const char *command);
void irc_once_release(struct irc_once *once);

/* The id for one of the message's targets, which are messages of their own; NULL: none. Valid until
 * the next call. */
const char *irc_once_for(struct irc_once *once, const char *target, bool is_first);

#endif
