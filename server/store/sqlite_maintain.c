/* What the writer does when nothing else is due, a small transaction at a time: words into the
 * search index, old entries out of the logs, old ids of clients out of mind. */
#include <stdlib.h>
#include <string.h>

#include "server/store/row.h"
#include "server/store/sqlite.h"

enum {
    SCRATCH_MAX_BYTES = 4096,
    INDEX_STEP = 512, /* about a millisecond; smaller pieces are merged more often */
    TRIM_STEP = 256,
    SENT_STEP = 1024,
    SWEEP_MS = 60000, /* from one look at everything to the next */
    IDLE_STEPS = 2,   /* a second or so each, before memory is given back */
};

/* Takes the first log off the queue. */
static void done_with_log(struct sqlite *sqlite, const char *name)
{
    struct log_row *log = name ? table_get(&sqlite->logs, name, strlen(name)) : NULL;
    if (log)
        log->queued = false;
    sqlite->unindexed[0] = sqlite->unindexed[--sqlite->unindexed_count];
}

/* Up to where the first log of the queue is indexed, and its end; false if that is the same, and it
 * is off the queue. */
static bool next_unindexed(struct sqlite *sqlite, int64_t *indexed, int64_t *last)
{
    struct db *db = &sqlite->writer;
    sqlite3_stmt *find = db_use(db, SQL_LOG_NAME);
    db_bind_number(find, 1, sqlite->unindexed[0]);
    *indexed = *last = 0;
    bool found = db_row(db, find);
    if (found) {
        *indexed = sqlite3_column_int64(find, 1);
        *last = sqlite3_column_int64(find, 2);
    }
    if (*indexed >= *last)
        done_with_log(sqlite, found ? (const char *)sqlite3_column_text(find, 0) : NULL);
    if (found)
        db_done(find);
    return *indexed < *last;
}

/* Indexes entries of one log; returns how many, at most `limit`, or 0. */
static size_t index_log(struct sqlite *sqlite, size_t limit)
{
    struct db *db = &sqlite->writer;
    int64_t indexed = 0, last = 0;
    while (sqlite->unindexed_count > 0 && !next_unindexed(sqlite, &indexed, &last))
        continue;
    if (sqlite->unindexed_count == 0 || db->error != SQLITE_OK)
        return 0;
    int64_t log = sqlite->unindexed[0];
    if (last > indexed + (int64_t)limit)
        last = indexed + (int64_t)limit;
    sqlite3_stmt *add = db_use(db, SQL_WORDS_ADD);
    db_bind_number(add, 1, row_at(log, (uint64_t)indexed + 1));
    db_bind_number(add, 2, row_at(log, (uint64_t)last));
    db_run(db, add);
    sqlite3_stmt *update = db_use(db, SQL_LOG_INDEXED);
    db_bind_number(update, 1, log);
    db_bind_number(update, 2, last);
    db_run(db, update);
    return (size_t)(last - indexed);
}

static size_t index_step(struct sqlite *sqlite)
{
    size_t done = 0;
    for (size_t step; done < INDEX_STEP && (step = index_log(sqlite, INDEX_STEP - done)) > 0;)
        done += step;
    return done;
}

/* A log that retention looks at. */
struct trim {
    int64_t log;
    uint64_t first, position, indexed;
    int64_t bytes;
    int64_t oldest_ms; /* what is older goes */
    int64_t max_bytes; /* what is above goes */
};

static void set_limits(const struct sqlite *sqlite, sqlite3_stmt *log, struct trim *trim)
{
    struct str name;
    str_init(&name, SCRATCH_MAX_BYTES);
    bool room = row_called(log, 5, &name);
    const struct store_keep *rule = keep_find(sqlite->keep, room ? name.data : NULL);
    trim->oldest_ms = rule->max_age_ms ? sqlite->swept_ms - rule->max_age_ms : INT64_MIN;
    trim->max_bytes = rule->max_bytes ? rule->max_bytes : INT64_MAX;
    str_release(&name);
}

static bool next_log(struct sqlite *sqlite, struct trim *trim)
{
    struct db *db = &sqlite->writer;
    sqlite3_stmt *next = db_use(db, SQL_LOG_NEXT);
    db_bind_number(next, 1, sqlite->sweep_log);
    if (!db_row(db, next))
        return false;
    trim->log = sqlite3_column_int64(next, 0);
    trim->first = (uint64_t)sqlite3_column_int64(next, 1);
    trim->position = (uint64_t)sqlite3_column_int64(next, 2);
    trim->bytes = sqlite3_column_int64(next, 3);
    trim->indexed = (uint64_t)sqlite3_column_int64(next, 4);
    set_limits(sqlite, next, trim);
    db_done(next);
    return true;
}

static void remove_entry(struct db *db, const struct trim *trim, const struct event *event)
{
    int64_t at = row_at(trim->log, event->position);
    bool searchable = event->type == EVENT_SPEECH && !event->redacted && event->text;
    if (searchable && event->position <= trim->indexed) {
        sqlite3_stmt *words = db_use(db, SQL_WORDS_REMOVE);
        db_bind_number(words, 1, at);
        db_bind_text(words, 2, event->text);
        db_run(db, words);
    }
    sqlite3_stmt *remove = db_use(db, SQL_ENTRY_REMOVE);
    db_bind_number(remove, 1, at);
    db_run(db, remove);
    sqlite3_stmt *forget = db_use(db, SQL_ASTRAY_REMOVE);
    db_bind_text(forget, 1, event->id);
    db_bind_number(forget, 2, at);
    db_run(db, forget);
}

/* Removes the oldest entries that must go, at most TRIM_STEP; returns how many. */
static size_t trim_log(struct db *db, struct trim *trim)
{
    size_t removed = 0;
    sqlite3_stmt *rows = db_use(db, SQL_PAGE_OLDEST);
    db_bind_number(rows, 1, row_at(trim->log, trim->first));
    db_bind_number(rows, 2, row_at(trim->log, trim->position));
    db_bind_number(rows, 3, TRIM_STEP);
    while (db_row(db, rows)) {
        struct event event;
        bool known = row_load(rows, "", &event);
        if (!known || (event.time_ms >= trim->oldest_ms && trim->bytes <= trim->max_bytes))
            break;
        remove_entry(db, trim, &event);
        trim->first = event.position + 1;
        trim->bytes -= row_bytes(&event);
        removed++;
    }
    if (rows)
        db_done(rows);
    return removed;
}

static void save_trimmed(struct sqlite *sqlite, const struct trim *trim)
{
    struct db *db = &sqlite->writer;
    sqlite3_stmt *update = db_use(db, SQL_LOG_TRIMMED);
    db_bind_number(update, 1, trim->log);
    db_bind_number(update, 2, (int64_t)trim->first);
    db_bind_number(update, 3, trim->bytes);
    db_run(db, update);
    if (trim->first > trim->indexed + 1)
        sqlite->backlog -= trim->first - 1 - trim->indexed;
}

/* Goes on with the sweep through the logs, until it has removed something or come to the end. */
static void trim_step(struct sqlite *sqlite)
{
    struct db *db = &sqlite->writer;
    struct trim trim;
    for (size_t looked_at = 0; looked_at < TRIM_STEP; looked_at++) {
        if (!next_log(sqlite, &trim)) {
            sqlite->sweep_log = SWEEP_DONE;
            return;
        }
        size_t removed = trim_log(db, &trim);
        if (removed > 0)
            save_trimmed(sqlite, &trim);
        if (removed == TRIM_STEP)
            return; /* more of the same log next time */
        sqlite->sweep_log = trim.log;
        if (removed > 0)
            return;
    }
}

static bool next_sent_key(struct sqlite *sqlite)
{
    struct db *db = &sqlite->writer;
    sqlite3_stmt *next = db_use(db, SQL_SENT_NEXT);
    db_bind_text(next, 1, sqlite->sweep_sent.data);
    db_bind_number(next, 2, SENT_STEP);
    bool more = db_row(db, next) && sqlite3_column_type(next, 0) != SQLITE_NULL;
    str_reset(&sqlite->scratch);
    if (more)
        str_adds(&sqlite->scratch, (const char *)sqlite3_column_text(next, 0));
    if (next)
        db_done(next);
    return more;
}

/* Goes on with the sweep through the ids of clients. */
static void sent_step(struct sqlite *sqlite)
{
    sqlite->sweeping_sent = next_sent_key(sqlite);
    if (!sqlite->sweeping_sent)
        return;
    struct db *db = &sqlite->writer;
    sqlite3_stmt *remove = db_use(db, SQL_SENT_REMOVE);
    db_bind_text(remove, 1, sqlite->sweep_sent.data);
    db_bind_text(remove, 2, sqlite->scratch.data);
    db_bind_number(remove, 3, sqlite->swept_ms - STORE_CLIENT_ID_DAYS * INT64_C(86400000));
    db_run(db, remove);
    str_reset(&sqlite->sweep_sent);
    str_adds(&sqlite->sweep_sent, sqlite->scratch.data);
}

static void begin_sweep(struct sqlite *sqlite, int64_t now_ms)
{
    if (now_ms < sqlite->swept_ms + SWEEP_MS && now_ms >= sqlite->swept_ms)
        return;
    sqlite->swept_ms = now_ms;
    sqlite->sweep_log = keep_limits(sqlite->keep) ? 0 : SWEEP_DONE;
    sqlite->sweeping_sent = true;
    str_reset(&sqlite->sweep_sent);
}

void sqlite_keep(struct engine *engine, struct keep *keep)
{
    struct sqlite *sqlite = sqlite_of(engine);
    keep_free(sqlite->keep);
    sqlite->keep = keep;
    sqlite->swept_ms = 0; /* the next sweep is due */
}

static bool sweeping(const struct sqlite *sqlite)
{
    return sqlite->sweep_log != SWEEP_DONE || sqlite->sweeping_sent;
}

/* What was read of a log that nobody writes to now, the system remembers just as well. */
static void rest(struct sqlite *sqlite)
{
    if (++sqlite->idle_steps == IDLE_STEPS)
        (void)sqlite3_db_release_memory(sqlite->writer.handle);
}

bool sqlite_maintain(struct engine *engine, int64_t now_ms)
{
    struct sqlite *sqlite = sqlite_of(engine);
    struct db *db = &sqlite->writer;
    begin_sweep(sqlite, now_ms);
    if (sqlite->backlog == 0 && !sweeping(sqlite)) {
        rest(sqlite);
        return false;
    }
    bool indexing = sqlite->backlog > 0;
    size_t indexed = 0;
    db_run(db, db_use(db, SQL_BEGIN));
    if (indexing)
        indexed = index_step(sqlite);
    else if (sqlite->sweep_log != SWEEP_DONE)
        trim_step(sqlite);
    else
        sent_step(sqlite);
    db_run(db, db_use(db, SQL_COMMIT));
    if (db->error != SQLITE_OK) {
        db_rollback(db);
        sqlite->sweep_log = SWEEP_DONE;
        sqlite->sweeping_sent = false;
        sqlite_count_backlog(sqlite);
        return false; /* until the next batch or the next sweep */
    }
    sqlite->backlog -= indexed < sqlite->backlog ? indexed : sqlite->backlog;
    if (indexing && indexed == 0)
        sqlite_count_backlog(sqlite);
    return sqlite->backlog > 0 || sweeping(sqlite);
}
