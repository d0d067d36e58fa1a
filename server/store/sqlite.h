/* The insides of the engine over SQLite; for sqlite*.c only.
 *
 * The writer's connection belongs to whoever calls write() and maintain(), the reader's to whoever calls
 * answer(). They share nothing but what is behind the lock. */
#ifndef SNUG_SERVER_STORE_SQLITE_H
#define SNUG_SERVER_STORE_SQLITE_H

#include <pthread.h>

#include "common/str.h"
#include "common/table.h"
#include "server/store/db.h"
#include "server/store/engine.h"
#include "server/store/span.h"

/* What the writer knows of a log. */
struct log_row {
    int64_t number;
    uint64_t position;
    int64_t time_ms;
    int64_t spoken_ms;
    uint64_t since; /* position of the oldest entry that has the time of the newest */
    uint64_t spoke; /* position of the latest speech; 0: none */
    bool queued;    /* in sqlite.unindexed */
    /* In the batch at hand: */
    bool touched;
    struct log_row *next_touched;
    uint64_t was_position; /* before it */
    int64_t added_bytes;
    char name[];
};

/* From this position on, entries of the log are not to be shown yet. */
struct unpublished {
    int64_t log;
    uint64_t from;
};

enum {
    SWEEP_DONE = -1 /* for sweep_log */
};

struct sqlite {
    struct engine engine;
    int lock_fd; /* of the directory */
    struct db writer, reader;
    struct keep *keep;

    struct table logs; /* a cache, the writer's */
    struct log_row *touched;
    struct str scratch;

    char newest_id[EVENT_ID_MAX];     /* no entry has a greater one */
    char newest_astray[EVENT_ID_MAX]; /* nor has one whose id's time is not its own */
    int wal_pages;                    /* written, and not known to be in their place */
    int due_pages;                    /* of them, when checkpoint() was last due */

    size_t backlog;     /* entries that are not indexed */
    int64_t *unindexed; /* the numbers of their logs, some perhaps twice, in vain or not */
    size_t unindexed_count, unindexed_size;
    int64_t swept_ms;      /* when retention was last begun */
    int64_t sweep_log;     /* the number it has come to, or SWEEP_DONE */
    struct str sweep_sent; /* the key it has come to */
    bool sweeping_sent;
    unsigned idle_steps; /* in a row that found nothing to do, and nothing new written */

    pthread_mutex_t lock; /* for these */
    struct unpublished *unpublished;
    size_t unpublished_count, unpublished_size;
    int moved_pages; /* of the write-ahead log, to their place in the database */
    bool reset_due;  /* the writer may move the last ones, so that the log begins anew */
};

static inline struct sqlite *sqlite_of(struct engine *engine)
{
    return (struct sqlite *)engine;
}

/* sqlite.c */

/* Finds and counts what is not indexed, anew. */
void sqlite_count_backlog(struct sqlite *sqlite);

/* Notes that a log has entries that are not indexed, unless too many have. */
void sqlite_queue_log(struct sqlite *sqlite, int64_t number);

/* sqlite_logs.c: the writer's knowledge of logs. */

/* The log of that name, which is made if there is none; NULL after an error. Borrowed until the
 * batch is ended. */
struct log_row *sqlite_log(struct sqlite *sqlite, const char *name);

/* Puts the log among those that the batch writes to. */
void sqlite_log_touch(struct sqlite *sqlite, struct log_row *log);

/* Writes what the batch made of the logs, and marks their new entries as not to be shown yet. */
void sqlite_logs_save(struct sqlite *sqlite);

/* Ends the batch; after an error all is to be read anew. */
void sqlite_logs_end(struct sqlite *sqlite, bool failed);

/* What was written may be shown. */
void sqlite_published(struct engine *engine);

/* The newest position of a log that the reader may show, once it has its snapshot. Asked once for all
 * of a page: what is published while rows are read would leave a gap behind what was not. */
uint64_t sqlite_shown_up_to(struct sqlite *sqlite, int64_t log);

void sqlite_logs_free(struct sqlite *sqlite);

/* sqlite_write.c: see struct engine_ops. */
bool sqlite_write(struct engine *engine, struct list *jobs, struct str *reason);

/* sqlite_read.c: see struct engine_ops. */
void sqlite_answer(struct engine *engine, struct job *job);

/* Sets the number of a log and its first and newest position; false if there is none. */
bool sqlite_find_log(struct db *db, const char *name, int64_t *number, struct range *all);

/* The position of the entry with that id; 0 if there is none. */
uint64_t sqlite_find_id(struct db *db, int64_t log, struct range all, const char *id);

/* Between which positions of a log a time lies, by halving. */
struct bounds sqlite_time_bounds(struct db *db, int64_t log, struct range all, int64_t time_ms);

/* sqlite_search.c */
enum store_result sqlite_search(struct sqlite *sqlite, struct job_search *search);

/* sqlite_maintain.c: see struct engine_ops. */
void sqlite_keep(struct engine *engine, struct keep *keep);
bool sqlite_maintain(struct engine *engine, int64_t now_ms);

#endif
