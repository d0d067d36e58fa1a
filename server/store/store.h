/* The log on disk, behind a narrow and asynchronous interface.
 *
 * A log is an append-only sequence of events: a room's, or that of two people's
 * conversation. What was appended becomes visible only as it comes out of the
 * tail, in order within its log, exactly once. Beside the logs lie facts (what
 * must survive a restart: rooms, markers, accounts) and names with their owners;
 * they are written in one order with the events, and with them or not at all.
 *
 * Completions come from store_poll() on the thread that calls it, exactly once,
 * never inside another call. No reading shows what has not come out of the tail.
 *
 * Knows the core's vocabulary and none of its rules; knows no socket and no loop. */
#ifndef SNUG_SERVER_STORE_STORE_H
#define SNUG_SERVER_STORE_STORE_H

#include "server/core/types.h"

struct str;

enum store_state {
    STORE_UP,
    STORE_DEGRADED, /* reads work, appends are refused */
    STORE_DOWN,     /* nothing works any more */
};

enum store_result {
    STORE_OK,
    STORE_FULL,      /* the queue before the disk is full: try later */
    STORE_REFUSED,   /* the store is not up */
    STORE_NOT_FOUND, /* the log has no entry of that id */
    STORE_TAKEN,     /* the name has another owner */
    STORE_FAILED,    /* the disk could not do it */
};

/* How much a commit withstands. */
enum store_durability {
    STORE_POWER,   /* a power cut: every batch is synced */
    STORE_PROCESS, /* the end of the process in any way; a power cut takes the last seconds */
    STORE_NONE,    /* nothing: the store in memory */
};

enum {
    STORE_PAGE_MAX = 1000,       /* events a read or search gives at most, whatever it asks for */
    STORE_SEARCH_LOGS_MAX = 512, /* searched at once; further ones are left out */
    STORE_CLIENT_ID_DAYS = 7,
};

/* A log that was spoken in. The name is borrowed. */
struct store_target {
    const char *log;
    int64_t spoken_ms; /* time of its latest speech */
};

/* Who is told. All but `wake` are called from store_poll(); those that are NULL are left out. What
 * they are given is borrowed for the call. */
struct store_listener {
    void *ctx;
    void (*state)(void *ctx, enum store_state state, const char *reason);
    /* The event is stored, and visible from now on. */
    void (*tailed)(void *ctx, const struct event *event);
    /* The event was stored before, by its id or its client's: `first` is it as it was stored then. */
    void (*repeated)(void *ctx, const struct event *event, const struct event *first);
    /* The event could not be stored, and nobody has seen it. */
    void (*failed)(void *ctx, const struct event *event);
    /* A fact is on disk: the first of those that were put and that nobody was told of yet. */
    void (*kept)(void *ctx);
    /* The disk could not give what was asked for; the reason is a text that stays. */
    void (*unread)(void *ctx, const char *reason);
    /* Answers store_read (oldest first) and store_search (newest first). */
    void (*page)(void *ctx, uint64_t token, enum store_result result, const struct event *events,
                 size_t count);
    /* Answers store_targets: the latest first. */
    void (*targets)(void *ctx, uint64_t token, enum store_result result,
                    const struct store_target *targets, size_t count);
    /* Answers store_claim and store_release: `owner` is who has the name now, NULL for nobody. */
    void (*claimed)(void *ctx, uint64_t token, enum store_result result, const char *owner);
    void (*wake)(void *ctx); /* from any thread: completions wait for store_poll() */
};

/* A place in a log: an open end if all is 0, else the one field that is set. */
struct store_place {
    uint64_t position;
    int64_t time_ms; /* between the entries up to then and those after; see enum store_span */
    const char *id;  /* of an entry; STORE_NOT_FOUND if the log has none such */
};

/* Which entries are read; the places themselves are not, except by AROUND.
 * (draft/chathistory has the same five.) */
enum store_span {
    STORE_LATEST,  /* the newest, if `from` is given only those after it */
    STORE_BEFORE,  /* the newest of those before `from` */
    STORE_AFTER,   /* the oldest of those after `from` */
    STORE_AROUND,  /* `from` and as many before as after it; with limit 1 it finds one entry */
    STORE_BETWEEN, /* from `from` towards `to`, in either direction, what is nearest to `from` */
};

struct store_query {
    const char *log;
    enum store_span span;
    struct store_place from, to; /* `to`: STORE_BETWEEN only */
    size_t limit;
    bool speech_only;
};

/* A search for entries that have all the words. Absent conditions are NULL or 0. */
struct store_search {
    const char *const *logs; /* where to look: what the asker may read */
    size_t log_count;
    const char *words; /* as a person types them; case, accents and punctuation do not count */
    const char *nick;  /* said by this one */
    int64_t after_ms, before_ms;
    size_t limit;
};

struct store_options {
    enum store_durability durability;
    size_t max_pending_events; /* STORE_FULL for speech */
    size_t max_pending_bytes;  /* the same */
    size_t max_pending_reads;  /* STORE_FULL for readings */
    int64_t busy_ms;           /* how long a commit waits for another program that has it locked */
    size_t memory_events;      /* STORE_NONE: kept of each log */
    uint64_t seed;             /* a random number, so that no peer can choose names that collide */
    const char *vfs;           /* the SQLite VFS by name, for tests; NULL: the system's */
    bool in_poll;              /* no threads: all is done within store_poll(), for simulations */
    /* A log of an older program is about to be brought up to date, which may take a while. NULL: nobody
     * is told. */
    void (*upgrading)(void *ctx);
    void *upgrading_ctx;
};

/* How much is kept of a room's log, by the name that the room has now, or, without a name, of every
 * log that has no rule of its own. A limit of 0 is none. */
struct store_keep {
    const char *room;
    int64_t max_age_ms; /* older entries are removed */
    int64_t max_bytes;  /* the oldest entries above this are removed */
};

struct store;

/* Sensible limits; the caller sets the seed. */
struct store_options store_options_default(void);

/* Opens the logs in a directory, which is made if it is missing, or those in memory when the
 * durability is STORE_NONE. The listener is copied. NULL, and one line in `error` that says what to
 * do, if they cannot be opened: then nothing in the directory was changed. */
struct store *store_open(const char *dir, const struct store_listener *listener,
                         const struct store_options *options, struct str *error);

/* A store in memory that keeps at most max_events a log, and within a total of its own the newest of
 * all: older ones are forgotten. For tests and for STORE_NONE. The listener is copied; the seed, a
 * random number, keeps peers from choosing names that collide. */
struct store *store_memory_new(const struct store_listener *listener, size_t max_events,
                               uint64_t seed);

/* Finishes what was committed, as far as the disk takes it, tells nobody any more, and frees. */
void store_free(struct store *store);

/* Calls `fn` with every fact whose key begins with `prefix`, in order of the keys, at once; behind
 * the value stands a NUL that `len` does not count. Only before the first store_append(), store_put() or
 * reading. False if the disk could not give all of them. */
bool store_each_fact(struct store *store, const char *prefix,
                     void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                     void *ctx);

/* Takes a copy of the event into the batch that gathers; it gets its position when it is written.
 *
 * An event is not written again, and completes as repeated, if its log already has its id, or if the
 * same speaker (account, else nick) has sent its client_id within STORE_CLIENT_ID_DAYS.
 * An EVENT_REDACT takes the text and tags of the entry whose id is its `object` from the same log.
 * Speech and redactions may be refused; entries about state (join, part, quit, nick, ...) never are:
 * they wait, in order, until the disk takes them. */
enum store_result store_append(struct store *store, const struct event *event);

/* Sets a fact within the gathering batch; value NULL removes it. It is kept until the disk takes it,
 * like entries about state; the last value of a key counts. STORE_FULL when far too many wait. */
enum store_result store_put(struct store *store, const char *key, const void *value, size_t len);

/* Makes the name this owner's within the gathering batch, if it is nobody's; answered by `claimed`. */
enum store_result store_claim(struct store *store, const char *name, const char *owner,
                              uint64_t token);

/* Makes the name nobody's within the gathering batch, if it is this owner's; answered by `claimed`. */
enum store_result store_release(struct store *store, const char *name, const char *owner,
                                uint64_t token);

/* Ends the batch: hands over all that was appended, put, claimed and released since the last call. */
void store_commit(struct store *store);

/* Reads a page of a log; answered by `page`. A log that nobody wrote to is empty. */
enum store_result store_read(struct store *store, const struct store_query *query, uint64_t token);

/* Searches what has come out of the tail; answered by `page`, the newest first. */
enum store_result store_search(struct store *store, const struct store_search *search,
                               uint64_t token);

/* Finds the logs whose latest speech lies between two times, both excluded; `nick`: only
 * conversations of this folded nick; NULL: only rooms. Answered by `targets`. */
enum store_result store_targets(struct store *store, const char *nick, int64_t after_ms,
                                int64_t before_ms, size_t limit, uint64_t token);

/* Sets what is kept from now on, instead of what was set before; the rules are copied. At first, all
 * is. The store in memory takes no notice: it keeps as much as it was made for. */
void store_keep(struct store *store, const struct store_keep *rules, size_t count);

/* Tells the time, every second or so: what is not to be kept is removed by and by. */
void store_tick(struct store *store, int64_t now_ms);

/* Delivers what is complete to the listener; returns how many completions there were. */
size_t store_poll(struct store *store);

/* How many events were appended and have not completed yet. */
size_t store_pending(const struct store *store);

#endif
