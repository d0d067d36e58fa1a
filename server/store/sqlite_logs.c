/* The logs as the writer knows them: a cache of the table `log`, right as long as no write fails. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/store/row.h"
#include "server/store/sqlite.h"

enum {
    CACHE_MAX = 16384, /* when it is full it begins anew */
};

static void forget_all(struct sqlite *sqlite)
{
    struct table_walk walk = {0};
    for (struct log_row *log; (log = table_next(&sqlite->logs, &walk)) != NULL;) {
        table_remove(&sqlite->logs, log->name, strlen(log->name));
        free(log);
    }
}

/* The position of the latest speech of a log. */
static uint64_t find_spoke(struct db *db, const struct log_row *log)
{
    uint64_t spoke = 0;
    sqlite3_stmt *last = db_use(db, SQL_ENTRY_SPOKE);
    db_bind_number(last, 1, row_at(log->number, log->position));
    if (db_row(db, last)) {
        spoke = row_spoke(last, 0, 1, log->position);
        db_done(last);
    }
    return spoke;
}

static bool load(struct db *db, struct log_row *log)
{
    sqlite3_stmt *find = db_use(db, SQL_LOG_FIND);
    db_bind_text(find, 1, log->name);
    if (!db_row(db, find))
        return false;
    struct range all = {.first = (uint64_t)sqlite3_column_int64(find, 1),
                        .last = (uint64_t)sqlite3_column_int64(find, 2)};
    log->number = sqlite3_column_int64(find, 0);
    log->position = all.last;
    log->time_ms = sqlite3_column_int64(find, 3);
    log->spoken_ms = sqlite3_column_int64(find, 4);
    db_done(find);
    log->since = sqlite_time_bounds(db, log->number, all, log->time_ms).before;
    log->spoke = find_spoke(db, log);
    return true;
}

static void add(struct db *db, const struct log_row *log)
{
    sqlite3_stmt *insert = db_use(db, SQL_LOG_ADD);
    db_bind_text(insert, 1, log->name);
    db_run(db, insert);
}

struct log_row *sqlite_log(struct sqlite *sqlite, const char *name)
{
    size_t len = strlen(name);
    struct log_row *log = table_get(&sqlite->logs, name, len);
    if (log)
        return log;
    log = xcalloc(1, sizeof *log + len + 1);
    memcpy(log->name, name, len);
    struct db *db = &sqlite->writer;
    if (!load(db, log)) {
        add(db, log);
        load(db, log);
    }
    if (db->error != SQLITE_OK) {
        free(log);
        return NULL;
    }
    table_put(&sqlite->logs, log->name, len, log);
    return log;
}

void sqlite_log_touch(struct sqlite *sqlite, struct log_row *log)
{
    if (log->touched)
        return;
    log->touched = true;
    log->was_position = log->position;
    log->added_bytes = 0;
    log->next_touched = sqlite->touched;
    sqlite->touched = log;
}

static void hide(struct sqlite *sqlite, const struct log_row *log)
{
    if (sqlite->unpublished_count == sqlite->unpublished_size) {
        sqlite->unpublished_size = sqlite->unpublished_size ? 2 * sqlite->unpublished_size : 64;
        sqlite->unpublished = xreallocarray(sqlite->unpublished, sqlite->unpublished_size,
                                            sizeof *sqlite->unpublished);
    }
    sqlite->unpublished[sqlite->unpublished_count++] =
        (struct unpublished){.log = log->number, .from = log->was_position + 1};
}

void sqlite_logs_save(struct sqlite *sqlite)
{
    struct db *db = &sqlite->writer;
    pthread_mutex_lock(&sqlite->lock);
    for (const struct log_row *log = sqlite->touched; log; log = log->next_touched)
        hide(sqlite, log);
    pthread_mutex_unlock(&sqlite->lock);
    for (const struct log_row *log = sqlite->touched; log; log = log->next_touched) {
        sqlite3_stmt *update = db_use(db, SQL_LOG_WRITTEN);
        db_bind_number(update, 1, log->number);
        db_bind_number(update, 2, (int64_t)log->position);
        db_bind_number(update, 3, log->time_ms);
        db_bind_number(update, 4, log->spoken_ms);
        db_bind_number(update, 5, log->added_bytes);
        db_run(db, update);
    }
}

void sqlite_logs_end(struct sqlite *sqlite, bool failed)
{
    for (struct log_row *log = sqlite->touched; log; log = log->next_touched) {
        if (!failed) {
            sqlite->backlog += log->position - log->was_position;
            if (!log->queued)
                sqlite_queue_log(sqlite, log->number);
            log->queued = true;
        }
        log->touched = false;
    }
    sqlite->touched = NULL;
    if (failed || sqlite->logs.len >= CACHE_MAX)
        forget_all(sqlite);
}

void sqlite_published(struct engine *engine)
{
    struct sqlite *sqlite = sqlite_of(engine);
    pthread_mutex_lock(&sqlite->lock);
    sqlite->unpublished_count = 0;
    pthread_mutex_unlock(&sqlite->lock);
}

uint64_t sqlite_shown_up_to(struct sqlite *sqlite, int64_t log)
{
    uint64_t last = POSITION_MAX;
    pthread_mutex_lock(&sqlite->lock);
    for (size_t i = 0; i < sqlite->unpublished_count; i++) {
        const struct unpublished *hidden = &sqlite->unpublished[i];
        if (hidden->log == log && hidden->from <= last)
            last = hidden->from - 1;
    }
    pthread_mutex_unlock(&sqlite->lock);
    return last;
}

void sqlite_logs_free(struct sqlite *sqlite)
{
    forget_all(sqlite);
    table_release(&sqlite->logs);
    free(sqlite->unpublished);
}
