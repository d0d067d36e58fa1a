/* A store under test, and what it told, in words.
 *
 * Waits for completions by the store's own wake, so no test sleeps. */
#ifndef SNUG_TESTS_UNIT_STORE_BED_H
#define SNUG_TESTS_UNIT_STORE_BED_H

#include <pthread.h>

#include "common/str.h"
#include "server/store/store.h"

enum bed_kind {
    BED_MEMORY,
    BED_DISK,    /* with threads */
    BED_IN_POLL, /* on disk, without threads */
};

struct bed {
    char dir[64]; /* a temporary directory, made and removed by the bed */
    struct store_options options;
    struct store *store; /* NULL while closed */
    struct str error;    /* of the last opening */
    struct str told;     /* since the last bed_told() */
    char *told_before;   /* what bed_told() returned */
    size_t reads;        /* asked for and not answered yet */
    size_t claims;
    size_t tailed; /* events so far */
    enum store_state state;
    uint64_t last_id;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool awake;
};

/* A bed with an empty directory, not opened. */
void bed_init(struct bed *bed, enum bed_kind kind);

/* Closes it and removes the directory. */
void bed_release(struct bed *bed);

/* Opens the store; false and bed->error if it cannot be. */
bool bed_open(struct bed *bed);
void bed_close(struct bed *bed);

/* Polls until everything asked for is complete. */
void bed_settle(struct bed *bed);

/* Polls until the store is in that state. */
void bed_await_state(struct bed *bed, enum store_state state);

/* Says something as ada in a log; it gets an id of its own unless one is given. */
enum store_result bed_say(struct bed *bed, const char *log, const char *text, const char *id);

/* The same with all to choose; log and type are the caller's, absent strings are filled in. */
enum store_result bed_append(struct bed *bed, struct event event);

/* Ends the batch and settles. */
void bed_commit(struct bed *bed);

/* Reads, settles, and returns what was told. */
const char *bed_read(struct bed *bed, struct store_query query);
const char *bed_search(struct bed *bed, const char *log, const char *words);

/* What was told since the last call. */
const char *bed_told(struct bed *bed);

/* The path of a file in the directory, valid until the next call. */
const char *bed_path(const struct bed *bed, const char *name);

#endif
