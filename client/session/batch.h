/* Batches: lines of the server that belong together. IRCv3 "batch". */
#ifndef SNUG_CLIENT_SESSION_BATCH_H
#define SNUG_CLIENT_SESSION_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct incoming;
struct multiline;
struct session;

enum {
    BATCHES_MAX = 16, /* open at a time; what belongs to further ones is shown as live */
    BATCH_REFERENCE_BYTES = 64,
};

/* A batch that the server has begun and not ended. */
struct batch {
    char reference[BATCH_REFERENCE_BYTES];
    bool past;    /* of the history */
    bool targets; /* lists conversations of the past */
    bool found;   /* answers a search, and this is what the user has asked for last: */
    bool found_last;
    uint32_t fetch;              /* the buffer whose past was asked for; 0: none */
    uint64_t number;             /* of the request it answers; 0: none */
    struct multiline *multiline; /* a message that is put together, or NULL; owned */
};

/* The open batch of that reference, or NULL; valid until the next one begins or ends. */
struct batch *batch_find(struct session *s, const char *reference, size_t len);

/* That of a search which is being answered, or NULL. */
const struct batch *batch_of_search(const struct session *s);

/* BATCH: one begins or ends. Returns the message of several lines that is whole by that, for the caller to
 * free, or NULL. */
struct multiline *batch_receive(struct session *s, const struct incoming *in);

/* The connection is gone: none of them will end. */
void batch_release_all(struct session *s);

#endif
