/* What a store is asked to do, from the call until its completion.
 *
 * A job is in one list at a time, and owned by whoever owns the list: the
 * gathering batch, the queue before the disk, what is held back, the completions. */
#ifndef SNUG_SERVER_STORE_JOB_H
#define SNUG_SERVER_STORE_JOB_H

#include "common/list.h"
#include "server/store/entry.h"
#include "server/store/store.h"

enum job_type {
    JOB_APPEND,
    JOB_PUT,
    JOB_CLAIM,
    JOB_RELEASE,
    JOB_READ,
    JOB_SEARCH,
    JOB_TARGETS,
    JOB_STATE, /* no job: the news that the store's state is another */
};

enum {
    PAGE_MAX_BYTES = 4 * 1024 * 1024, /* a page ends here, but has one entry at least */
};

struct job_append {
    struct entry *entry;
    struct entry *first; /* what it repeats, or NULL */
};

struct job_put {
    char *key;
    char *value; /* NULL: removed */
    size_t len;
};

struct job_claim {
    char *name;
    char *owner;
    char *owner_now; /* the answer */
};

/* What a reading found: a list of entries. */
struct page {
    struct list entries;
    size_t count;
    size_t bytes;
};

struct job_read {
    struct store_query query; /* its strings are the job's */
    struct page page;
};

struct job_search {
    char **logs;
    size_t log_count;
    char *words;
    char *nick;
    int64_t after_ms, before_ms;
    size_t limit;
    struct page page;
};

struct job_targets {
    char *nick;
    int64_t after_ms, before_ms;
    size_t limit;
    struct store_target *found; /* with names of its own */
    size_t count;
};

struct job_state {
    enum store_state state;
    char *reason;
};

struct job {
    struct list in_line;
    enum job_type type;
    enum store_result result; /* once it is done */
    const char *reason;       /* STORE_FAILED of a reading */
    uint64_t token;
    size_t bytes; /* roughly what it occupies */
    union {
        struct job_append append;
        struct job_put put;
        struct job_claim claim; /* JOB_CLAIM and JOB_RELEASE */
        struct job_read read;
        struct job_search search;
        struct job_targets targets;
        struct job_state state;
    } u;
};

static inline struct job *job_of(struct list *link)
{
    return list_entry(link, struct job, in_line);
}

/* A job of that type, zeroed and in no list; its texts are to be filled in with copies. */
struct job *job_new(enum job_type type, uint64_t token);

/* Frees a job that is in no list, and all it owns. */
void job_free(struct job *job);

/* Frees all jobs of a list. */
void job_free_all(struct list *jobs);

/* Whether the store may say no to it when the disk does not take it. */
bool job_refusable(const struct job *job);

/* Adds an entry, which the page owns from then on, at its end or its beginning. */
void page_add(struct page *page, struct entry *entry, bool in_front);

/* Whether no further entry fits. */
bool page_full(const struct page *page, size_t limit);

#endif
