/* What the server and we agree on: IRCv3 "Capability Negotiation". */
#ifndef SNUG_CLIENT_SESSION_CAPABILITY_H
#define SNUG_CLIENT_SESSION_CAPABILITY_H

#include <stdbool.h>

#include "common/str.h"

struct incoming;
struct session;

struct negotiation {
    bool open;           /* CAP END is due */
    unsigned n_requests; /* without an answer yet */
    struct str list;     /* what CAP LS named, over its lines */
};

/* What was agreed on, as bits. */
enum cap {
    CAP_MESSAGE_TAGS = 1 << 0,
    CAP_ECHO_MESSAGE = 1 << 1,
    CAP_LABELED_RESPONSE = 1 << 2,
    CAP_BATCH = 1 << 3,
    CAP_CHATHISTORY = 1 << 4,
    CAP_SASL = 1 << 5,
    CAP_REDACTION = 1 << 6,
    CAP_READ_MARKER = 1 << 7,
    CAP_SERVER_TIME = 1 << 8,
    CAP_MULTILINE = 1 << 9,
    CAP_SEARCH = 1 << 10,
};

/* A connection begins: nothing is agreed on, and the server is asked what it can do. */
void capability_begin(struct session *s);

/* CAP: what the server offers, grants, refuses or takes back. */
void capability_receive(struct session *s, const struct incoming *in);

/* Tells the model what can be done on this connection. */
void capability_tell(struct session *s);

/* Ends the negotiation if nothing of it waits for an answer any more. */
void capability_end(struct session *s);

#endif
