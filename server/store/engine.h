/* What lies below the queues of a store: something that writes batches and answers readings.
 *
 * write, published, keep and maintain are called by one thread at a time, answer by one other; free and the
 * each_ functions when no thread runs. For server/store only. */
#ifndef SNUG_SERVER_STORE_ENGINE_H
#define SNUG_SERVER_STORE_ENGINE_H

#include "server/store/job.h"
#include "server/store/keep.h"

struct engine;

struct engine_ops {
    void (*free)(struct engine *engine);

    /* Without threads: whether write() would not wait; NULL: it never does. */
    bool (*ready)(const struct engine *engine);

    /* Writes all jobs of the batch or none of them, and sets their results and answers; events get
     * their positions. False, and the reason, if it cannot; the jobs may be tried again. An empty
     * batch tries whether writing is possible. */
    bool (*write)(struct engine *engine, struct list *jobs, struct str *reason);

    /* The completions of the last batch are on their way: readings may show it from now on. */
    void (*published)(struct engine *engine);

    /* Answers a reading; never fails but in the job's result. */
    void (*answer)(struct engine *engine, struct job *job);

    /* Sets what is kept from now on; takes ownership. */
    void (*keep)(struct engine *engine, struct keep *keep);

    /* One small step of what is not urgent: the search index, retention. False: nothing is left. */
    bool (*maintain)(struct engine *engine, int64_t now_ms);

    /* About how many entries wait for maintain(). */
    size_t (*backlog)(const struct engine *engine);

    /* After write() or maintain(), on their thread: whether checkpoint() is due. NULL: it never is. */
    bool (*checkpoint_due)(struct engine *engine);

    /* Moves what was written from its log to where it stays, while writing goes on; on the thread of
     * answer(). */
    void (*checkpoint)(struct engine *engine);

    /* As in store.h. */
    bool (*each_fact)(struct engine *engine, const char *prefix,
                      void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                      void *ctx);
};

/* The beginning of every engine's own struct. */
struct engine {
    const struct engine_ops *ops;
};

/* An engine that keeps all in memory; see store_memory_new(). */
struct engine *engine_memory_new(size_t max_events, uint64_t seed);

/* An engine over an SQLite database in a directory; see store_open(). */
struct engine *engine_sqlite_open(const char *dir, const struct store_options *options,
                                  struct str *error);

/* The engine of a store. */
struct engine *store_engine(struct store *store);

/* A store over an engine, which is the store's from now on; NULL, and the engine freed, if the system
 * has no threads for it. */
struct store *store_over(struct engine *engine, const struct store_listener *listener,
                         const struct store_options *options);

#endif
