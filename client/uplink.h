/*
 * A session kept connected: it is told what the connection brings and what time it is, its lines
 * are written, and a lost connection is made again, at once and then after growing delays.
 *
 * Knows the loop and the clock; knows nothing of how things are shown.
 */
#ifndef SNUG_CLIENT_UPLINK_H
#define SNUG_CLIENT_UPLINK_H

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

struct clock;
struct model;
struct security;
struct session;
struct uplink;

struct uplink_config {
    const struct clock *clock; /* borrowed, outlives the uplink */
    const char *host, *port;   /* copied */
    uint64_t seed;             /* random, for the delays */
    struct security *security; /* NULL: in clear text; ready before uplink_connect(), borrowed */
    bool takes_new;            /* a server that is not known is trusted, whatever that says */
};

/* What its owner learns. */
struct uplink_events {
    void (*changed)(void *owner);               /* the model may have changed */
    void (*lost)(void *owner, const char *why); /* the next try waits; `why` is borrowed */
    void (*sending)(void *owner); /* what must be on disk before it is sent, must be now; or NULL */
};

/* Makes it without a connection. Model, session and `events` are borrowed and outlive it. */
struct uplink *uplink_new(uv_loop_t *loop, struct model *model, struct session *session,
                          const struct uplink_config *config, const struct uplink_events *events,
                          void *owner);

/* Closes without a word and gives the memory back, libuv's part of it in uplink_close_loop. */
void uplink_free(struct uplink *u);

/* Connects now, whatever was waited for; a connection that stands is left alone. */
void uplink_connect(struct uplink *u);

/* Says good-bye, and ends the connection, or the waiting for one, until uplink_connect. */
void uplink_disconnect(struct uplink *u);

/* Lets the session act on what the user did, and writes its lines. To be called after every key. */
void uplink_step(struct uplink *u);

/* Leaves in the socket what comes, until uplink_read(), where nothing is awaited from the server; or no
 * more. */
void uplink_hold(struct uplink *u, bool is_held);

/* Takes what has come meanwhile. */
void uplink_read(struct uplink *u);

/* How many bytes have come in all. */
uint64_t uplink_received(const struct uplink *u);

/* From now on a lost connection is not made again. */
void uplink_retire(struct uplink *u);

/* Says whether there is a connection, or one is being made. */
bool uplink_is_up(const struct uplink *u);

/*
 * Closes all handles of the loop and the loop itself. Ends the program with `status` right here if
 * the resolver is still at work, which cannot be told to stop.
 */
void uplink_close_loop(uv_loop_t *loop, int status);

#endif
