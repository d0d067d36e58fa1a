/* The answer to one command, on its way out.
 *
 * Without a label every line goes straight through the gate. With one
 * (IRCv3 labeled-response) the first line is held until it is known whether it is
 * the only one: then it carries the label; else a batch of that label begins. So no
 * more than one line is ever kept, however long the answer. The answer is complete
 * when its command has returned and nothing of the session is in flight any more. */
#ifndef SNUG_SERVER_DOOR_IRC_RESPONSE_H
#define SNUG_SERVER_DOOR_IRC_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/core/types.h"

struct irc_client;

enum {
    IRC_LABEL_BYTES = 64 /* longer ones are as good as absent, says the specification */
};

struct irc_response {
    uint32_t batches; /* begun so far: their reference tags */
    uint32_t inner;   /* number of the batch that lines go into; 0: none */
    bool open;
    bool batching; /* a batch has begun around the lines of the answer */
    bool labelled; /* the label has been told, in front of a batch that is all of the answer */
    bool aside;    /* what is written now is no part of the answer */
    bool working;  /* see irc_response_begin() */
};

/* Forgets the open answer, if there is one. */
void irc_response_release(struct irc_client *client);

/* Begins a labelled answer. */
void irc_response_open(struct irc_client *client, const char *label, size_t len);

/* Whether the event is not in the open answer yet; from now on it is. A nick change comes once for
 * each room, and is told once. */
bool irc_response_note_shown(struct irc_client *client, const char *id);

/* Ends the answer without a word: its label, copied to `label`, is for a later one. */
void irc_response_take(struct irc_client *client, char label[IRC_LABEL_BYTES + 1]);

/* Writes whole lines as part of the answer. */
void irc_response_write(struct irc_client *client, const char *lines, size_t len);

/* Writes a whole batch, from its first line to its last, as part of the answer. */
void irc_response_write_batch(struct irc_client *client, const char *lines, size_t len);

/* Begins a batch of that type and parameter (NULL: none) for the lines that follow, if the client
 * knows batches; not inside of another. */
void irc_response_batch_begin(struct irc_client *client, const char *type, const char *param);
void irc_response_batch_end(struct irc_client *client);

/* A command, or what the log answered to one, is being dealt with: until the second is called, no
 * irc_response_settle() ends the answer; that one then settles it. */
void irc_response_begin(struct irc_client *client);
void irc_response_end(struct irc_client *client);

/* Ends the answer if nothing more can come; an empty one becomes ACK. */
void irc_response_settle(struct irc_client *client);

/* Ends the answer whatever is still to come. */
void irc_response_finish(struct irc_client *client);

#endif
