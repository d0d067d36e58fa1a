/* The work behind a store's queues: one thread writes, another answers readings.
 *
 * Jobs go in as batches and readings, and come out done, in the order in which
 * they took effect. A batch that the disk refuses is told to those who may be
 * refused; the rest is held back, in order, and tried again ever less often.
 * Without threads all this is done by worker_run().
 *
 * Knows no caller: only the wake function, which it calls from its threads. */
#ifndef SNUG_SERVER_STORE_WORKER_H
#define SNUG_SERVER_STORE_WORKER_H

#include <pthread.h>

#include "server/store/engine.h"

struct worker {
    struct engine *engine;
    bool in_poll; /* no threads */
    void (*wake)(void *ctx);
    void *wake_ctx;
    pthread_t writer, reader;
    bool has_writer, has_reader;

    pthread_mutex_t lock; /* for what follows, up to the next comment */
    pthread_cond_t written_to;
    pthread_cond_t asked;
    struct list committed; /* batches, one behind the other */
    struct list searches;  /* that wait for the index */
    struct list asks;      /* readings */
    struct list done;
    bool checkpoint_due; /* the reader is to make one */
    struct keep *keep;   /* to be set; NULL: as it is */
    int64_t now_ms;      /* as told */
    bool ticked;
    bool stopping;

    /* The writer's own. */
    struct list held; /* in order, until the disk takes them */
    enum store_state state;
    int64_t retry_at_ms; /* monotonic, as the others here */
    int64_t retry_wait_ms;
    int64_t maintain_at_ms;       /* 0: no maintenance is due */
    struct list waiting_searches; /* searches whose turn it is once the index is complete */
    unsigned search_wait_steps;
};

/* Starts the threads, unless in_poll; the engine stays the caller's. False if the system has none to
 * give; then the worker is released already. */
bool worker_init(struct worker *worker, struct engine *engine, bool in_poll,
                 const struct store_listener *listener);

/* Tries to write all that was committed, ends the threads and frees every job. */
void worker_release(struct worker *worker);

/* Hands over a batch, which is empty afterwards. */
void worker_commit(struct worker *worker, struct list *jobs);

/* Hands over a reading. */
void worker_ask(struct worker *worker, struct job *job);

/* Sets what is kept from now on; takes ownership. */
void worker_keep(struct worker *worker, struct keep *keep);

void worker_tick(struct worker *worker, int64_t now_ms);

/* Without threads: does all there is to do. */
void worker_run(struct worker *worker);

/* Moves what is done into the list. */
void worker_take_done(struct worker *worker, struct list *done);

#endif
