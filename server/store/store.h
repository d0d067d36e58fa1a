/* The log on disk, behind a narrow and asynchronous interface.
 *
 * A log is an append-only sequence of events: a room's, or that of two people's
 * conversation. What was appended becomes visible only as it comes out of the
 * tail, in order within its log, exactly once. Completions come from
 * store_poll() on the thread that calls it, never inside another call.
 *
 * Knows the core's vocabulary and none of its rules; knows no socket and no loop. */
#ifndef SNUG_SERVER_STORE_STORE_H
#define SNUG_SERVER_STORE_STORE_H

#include "server/core/types.h"

enum store_state {
    STORE_UP,
    STORE_DEGRADED, /* reads work, appends are refused */
    STORE_DOWN,
};

enum store_result {
    STORE_OK,
    STORE_FULL,    /* the queue before the disk is full: try later */
    STORE_REFUSED, /* the store is not up */
};

/* Who is told. All but `wake` are called from store_poll(). Events are borrowed for the call. */
struct store_listener {
    void *ctx;
    void (*state)(void *ctx, enum store_state state, const char *reason);
    void (*tailed)(void *ctx, const struct event *event);
    void (*failed)(void *ctx, const struct event *event);
    void (*wake)(void *ctx); /* from any thread: completions wait for store_poll() */
};

struct store;

/* A store in memory that keeps at most max_events a log, and within a total of its own the newest of
 * all: older ones are forgotten. For tests and for `durability = none`. The listener is copied; the
 * seed, a random number, keeps peers from choosing names that collide. */
struct store *store_memory_new(const struct store_listener *listener, size_t max_events,
                               uint64_t seed);

/* Finishes what was committed, tells nobody any more, and frees the store. */
void store_free(struct store *store);

/* Takes a copy of the event into the batch that gathers; it gets its position when it is written.
 * An event with an id that its log already has is not written again, and completes in silence. */
enum store_result store_append(struct store *store, const struct event *event);

/* Ends the batch: hands over all that was appended since the last call. */
void store_commit(struct store *store);

/* Delivers what is complete to the listener; returns how many completions there were. */
size_t store_poll(struct store *store);

/* How many events were appended and have not completed yet. */
size_t store_pending(const struct store *store);

#endif
