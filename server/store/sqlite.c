/* The engine over SQLite: opening, closing, and what is read before all else. */
#include "server/store/sqlite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "server/store/datadir.h"
#include "server/store/row.h"
#include "server/store/schema.h"

enum {
    PATH_MAX_BYTES = 4096,
    SCRATCH_MAX_BYTES = 64 * 1024,
    LOGS_MAX = 1 << 20,
    UNINDEXED_MAX = 4096,    /* logs in the queue; when it is empty the others are looked for */
    CHECKPOINT_PAGES = 2000, /* of 4 KB in the write-ahead log, before they go to their place */
    CHECKPOINT_ROUNDS = 4,   /* while more are written meanwhile */
    RESET_PAGES = 8000, /* then the write-ahead log is to begin anew, for which the writer moves */
    RESET_LEFT_PAGES = 512, /* the last ones, if they are so few: some milliseconds */
    WAL_MAX_PAGES = 65536,  /* then the writer moves what there is: some 50 ms, once in 256 MB */
};

/* In WAL mode a commit survives the process either way; FULL syncs each one, NORMAL the checkpoints
 * only, which keeps the database whole after a power cut (sqlite.org/pragma.html#pragma_synchronous). */
static void configure_writer(struct db *db, enum store_durability durability)
{
    db_exec(db, "PRAGMA journal_mode = WAL");
    db_exec(db, durability == STORE_POWER ? "PRAGMA synchronous = FULL"
                                          : "PRAGMA synchronous = NORMAL");
    db_exec(db, "PRAGMA cache_size = -16384");
}

/* What cannot be moved stays where it is, and is as safe there. Returns how many are in their place. */
static int move_pages(sqlite3 *handle)
{
    int moved = 0;
    (void)sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, NULL, &moved);
    return moved;
}

/* The writer has one go at the last pages each time that the reader has moved what it could. */
static void note_moved(struct sqlite *sqlite, int moved, bool by_reader)
{
    pthread_mutex_lock(&sqlite->lock);
    sqlite->moved_pages = moved;
    sqlite->reset_due = by_reader;
    pthread_mutex_unlock(&sqlite->lock);
}

static int left_pages(struct sqlite *sqlite, bool *reset_due)
{
    pthread_mutex_lock(&sqlite->lock);
    if (sqlite->wal_pages < sqlite->moved_pages)
        sqlite->moved_pages = 0; /* the log has begun anew */
    int left = sqlite->wal_pages - sqlite->moved_pages;
    *reset_due = sqlite->reset_due && sqlite->wal_pages >= RESET_PAGES && left <= RESET_LEFT_PAGES;
    pthread_mutex_unlock(&sqlite->lock);
    return left;
}

/* A commit was written. By itself SQLite would now and then have a message wait until all pages are
 * moved and synced; that is the reader's work here (sqlite.org/wal.html, 2.3). But while somebody
 * talks without a pause there is always one page more, and the log begins anew only when none is
 * left: so the writer moves the last ones, when the reader has left it few. */
static int on_commit(void *ctx, sqlite3 *handle, const char *name, int pages)
{
    (void)name;
    struct sqlite *sqlite = ctx;
    sqlite->wal_pages = pages;
    bool reset_due;
    int left = left_pages(sqlite, &reset_due);
    if (reset_due || (pages >= WAL_MAX_PAGES && left >= CHECKPOINT_PAGES))
        note_moved(sqlite, move_pages(handle), false);
    return SQLITE_OK;
}

static bool sqlite_checkpoint_due(struct engine *engine)
{
    struct sqlite *sqlite = sqlite_of(engine);
    if (sqlite->wal_pages < sqlite->due_pages)
        sqlite->due_pages = 0; /* all was moved, and the log has begun anew */
    if (sqlite->wal_pages - sqlite->due_pages < CHECKPOINT_PAGES)
        return false;
    sqlite->due_pages = sqlite->wal_pages;
    return true;
}

/* SQLite syncs the database only when every page is in its place; the writer would then wait for all
 * that the reader has moved. */
static void sync_moved(sqlite3 *handle)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) == SQLITE_OK &&
        file && file->pMethods)
        (void)file->pMethods->xSync(file, SQLITE_SYNC_NORMAL); /* nothing counts on it */
}

static void sqlite_checkpoint(struct engine *engine)
{
    struct sqlite *sqlite = sqlite_of(engine);
    sqlite3 *handle = sqlite->reader.handle;
    for (int before = 0, i = 0; i < CHECKPOINT_ROUNDS; i++) {
        int moved = move_pages(handle);
        sync_moved(handle);
        note_moved(sqlite, moved, true);
        if (moved - before <= RESET_LEFT_PAGES)
            break;
        before = moved;
    }
}

static void read_id(struct db *db, enum sql sql, char id[EVENT_ID_MAX])
{
    sqlite3_stmt *row = db_use(db, sql);
    if (!db_row(db, row))
        return;
    const char *text = (const char *)sqlite3_column_text(row, 0);
    if (text && strlen(text) < EVENT_ID_MAX)
        strcpy(id, text);
    db_done(row);
}

/* Ids are made in ascending order, so that one above these was never written. */
static void find_newest_id(struct sqlite *sqlite)
{
    struct db *db = &sqlite->writer;
    read_id(db, SQL_ASTRAY_NEWEST, sqlite->newest_astray);
    int64_t newest_ms = 0;
    sqlite3_stmt *newest = db_use(db, SQL_LOG_NEWEST_TIME);
    if (db_row(db, newest)) {
        newest_ms = sqlite3_column_int64(newest, 0);
        db_done(newest);
    }
    row_last_id(newest_ms, sqlite->newest_id);
    if (strcmp(sqlite->newest_id, sqlite->newest_astray) < 0)
        strcpy(sqlite->newest_id, sqlite->newest_astray);
}

static void announce_upgrade(struct db *db, const struct store_options *options)
{
    size_t version = (size_t)db_number(db, "PRAGMA user_version");
    if (options->upgrading && version > 0 && version < schema_step_count)
        options->upgrading(options->upgrading_ctx);
}

static bool open_writer(struct sqlite *sqlite, const char *path,
                        const struct store_options *options, struct str *error)
{
    struct db *db = &sqlite->writer;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    db_open(db, path, flags, options->vfs, options->busy_ms);
    if (!schema_check(db, path, schema_step_count, error))
        return false;
    if (sqlite3_db_readonly(db->handle, "main") == 1) {
        str_addf(error, "%s: is read-only; make it writable or choose another --data", path);
        return false;
    }
    configure_writer(db, options->durability);
    announce_upgrade(db, options);
    schema_migrate(db, schema_steps, schema_step_count);
    sqlite3_wal_hook(db->handle, on_commit, sqlite);
    db_run(db, db_use(db, SQL_PROBE_EMPTY));
    sqlite_count_backlog(sqlite);
    find_newest_id(sqlite);
    if (db->error != SQLITE_OK)
        str_addf(error, "%s: %s", path, db_reason(db->error));
    return db->error == SQLITE_OK;
}

static bool open_reader(struct sqlite *sqlite, const char *path,
                        const struct store_options *options, struct str *error)
{
    struct db *db = &sqlite->reader;
    db_open(db, path, SQLITE_OPEN_READWRITE, options->vfs, options->busy_ms);
    db_exec(db, "PRAGMA query_only = ON; PRAGMA cache_size = -8192");
    if (db->error != SQLITE_OK)
        str_addf(error, "%s: %s", path, db_reason(db->error));
    return db->error == SQLITE_OK;
}

void sqlite_queue_log(struct sqlite *sqlite, int64_t number)
{
    if (sqlite->unindexed_count == UNINDEXED_MAX)
        return;
    if (sqlite->unindexed_count == sqlite->unindexed_size) {
        sqlite->unindexed_size = sqlite->unindexed_size ? 2 * sqlite->unindexed_size : 64;
        sqlite->unindexed =
            xreallocarray(sqlite->unindexed, sqlite->unindexed_size, sizeof *sqlite->unindexed);
    }
    sqlite->unindexed[sqlite->unindexed_count++] = number;
}

void sqlite_count_backlog(struct sqlite *sqlite)
{
    struct db *db = &sqlite->writer;
    sqlite->backlog = sqlite->unindexed_count = 0;
    sqlite3_stmt *logs = db_use(db, SQL_LOG_BACKLOG);
    while (db_row(db, logs)) {
        sqlite_queue_log(sqlite, sqlite3_column_int64(logs, 0));
        sqlite->backlog += (size_t)sqlite3_column_int64(logs, 1);
    }
}

static size_t sqlite_backlog(const struct engine *engine)
{
    return ((const struct sqlite *)engine)->backlog;
}

static bool sqlite_each_fact(struct engine *engine, const char *prefix,
                             void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                             void *ctx)
{
    struct db *db = &sqlite_of(engine)->reader;
    sqlite3_stmt *rows = db_use(db, SQL_FACT_EACH);
    db_bind_text(rows, 1, prefix);
    while (db_row(db, rows)) {
        const char *key = (const char *)sqlite3_column_text(rows, 0);
        if (strncmp(key, prefix, strlen(prefix)) != 0)
            break;
        size_t len = (size_t)sqlite3_column_bytes(rows, 1);
        char *value = xmemdup0(sqlite3_column_blob(rows, 1), len);
        fn(ctx, key, value, len);
        free(value);
    }
    if (rows)
        db_done(rows);
    bool good = db->error == SQLITE_OK;
    db->error = SQLITE_OK;
    return good;
}

static void sqlite_free(struct engine *engine)
{
    struct sqlite *sqlite = sqlite_of(engine);
    db_close(&sqlite->reader);
    db_close(&sqlite->writer);
    if (sqlite->lock_fd >= 0)
        close(sqlite->lock_fd);
    sqlite_logs_free(sqlite);
    keep_free(sqlite->keep);
    free(sqlite->unindexed);
    str_release(&sqlite->scratch);
    str_release(&sqlite->sweep_sent);
    pthread_mutex_destroy(&sqlite->lock);
    free(sqlite);
}

static const struct engine_ops sqlite_ops = {
    .free = sqlite_free,
    .write = sqlite_write,
    .published = sqlite_published,
    .answer = sqlite_answer,
    .keep = sqlite_keep,
    .maintain = sqlite_maintain,
    .backlog = sqlite_backlog,
    .checkpoint_due = sqlite_checkpoint_due,
    .checkpoint = sqlite_checkpoint,
    .each_fact = sqlite_each_fact,
};

static struct sqlite *sqlite_new(const struct store_options *options)
{
    struct sqlite *sqlite = xcalloc(1, sizeof *sqlite);
    sqlite->engine.ops = &sqlite_ops;
    sqlite->lock_fd = -1;
    sqlite->keep = keep_new(NULL, 0);
    sqlite->sweep_log = SWEEP_DONE;
    table_init(&sqlite->logs, LOGS_MAX, options->seed);
    str_init(&sqlite->scratch, SCRATCH_MAX_BYTES);
    str_init(&sqlite->sweep_sent, SCRATCH_MAX_BYTES);
    pthread_mutex_init(&sqlite->lock, NULL);
    return sqlite;
}

struct engine *engine_sqlite_open(const char *dir, const struct store_options *options,
                                  struct str *error)
{
    struct sqlite *sqlite = sqlite_new(options);
    struct str path;
    str_init(&path, PATH_MAX_BYTES);
    datadir_database(dir, &path);
    sqlite->lock_fd = datadir_lock(dir, error);
    bool open = sqlite->lock_fd >= 0 && open_writer(sqlite, path.data, options, error) &&
                open_reader(sqlite, path.data, options, error);
    str_release(&path);
    if (open)
        return &sqlite->engine;
    sqlite_free(&sqlite->engine);
    return NULL;
}
