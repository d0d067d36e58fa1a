/* What the user wants, on its way to the server. */
#ifndef SNUG_CLIENT_SESSION_OUTGOING_H
#define SNUG_CLIENT_SESSION_OUTGOING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct incoming;
struct session;

/* PINGs of ours: one waits at a time. */
struct probe {
    bool waits;
    uint64_t token;
    int64_t sent_ms;                       /* when it was, or the last one was */
    uint64_t covers;                       /* the last number sent before it */
    bool shown_missing;                    /* the model knows that it waits */
    size_t covered_bytes, uncovered_bytes; /* in flight, before and behind the one that waits */
};

/* Takes intents out of the model, and sends as much as may be in flight. */
void outgoing_step(struct session *s);

/* PONG: all that was sent before our PING has been acted on. */
void outgoing_pong(struct session *s, const struct incoming *in);

/* The connection is gone: what was sent and not answered is unsure, or will be said again. */
void outgoing_lost(struct session *s);

/* When there is something to send or to give up; INT64_MAX: nothing is. */
int64_t outgoing_deadline_ms(const struct session *s);

#endif
