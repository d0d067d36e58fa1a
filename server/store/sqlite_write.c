/* Writing a batch: one transaction, in the order of its jobs. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/store/row.h"
#include "server/store/sqlite.h"

static int64_t find_by_id(struct db *db, const struct log_row *log, const char *id)
{
    const struct range all = {.first = 1, .last = log->position};
    uint64_t position = sqlite_find_id(db, log->number, all, id);
    return position > 0 ? row_at(log->number, position) : 0;
}

/* The same for an entry that is about to be written. After a batch that failed the newest id may be
 * that of an entry which is not there: still none is above it. */
static int64_t find_written(struct sqlite *sqlite, const struct log_row *log, const char *id)
{
    if (strcmp(id, sqlite->newest_id) > 0) {
        strcpy(sqlite->newest_id, id);
        return 0;
    }
    /* A copy of what another log has. */
    if (row_id_ms(id) > log->time_ms && strcmp(id, sqlite->newest_astray) > 0)
        return 0;
    return find_by_id(&sqlite->writer, log, id);
}

static void note_astray(struct sqlite *sqlite, const struct event *event, int64_t at)
{
    struct db *db = &sqlite->writer;
    sqlite3_stmt *add = db_use(db, SQL_ASTRAY_ADD);
    db_bind_text(add, 1, event->id);
    db_bind_number(add, 2, at);
    db_run(db, add);
    if (strcmp(event->id, sqlite->newest_astray) > 0)
        strcpy(sqlite->newest_astray, event->id);
}

/* The key of the entry that the same client said under the same id not long ago, or 0. */
static int64_t find_sent(struct sqlite *sqlite, const struct event *event)
{
    if (!entry_client_key(event, &sqlite->scratch))
        return 0;
    struct db *db = &sqlite->writer;
    sqlite3_stmt *find = db_use(db, SQL_SENT_FIND);
    db_bind_text(find, 1, sqlite->scratch.data);
    int64_t at = 0;
    if (db_row(db, find)) {
        struct event first = {.time_ms = sqlite3_column_int64(find, 1)};
        if (!entry_is_outdated(&first, event->time_ms))
            at = sqlite3_column_int64(find, 0);
        db_done(find);
    }
    return at;
}

static char *log_name(struct db *db, int64_t number)
{
    char *name = NULL;
    sqlite3_stmt *find = db_use(db, SQL_LOG_NAME);
    db_bind_number(find, 1, number);
    if (db_row(db, find)) {
        name = xstrdup((const char *)sqlite3_column_text(find, 0));
        db_done(find);
    }
    return name;
}

/* The entry of that key, or NULL if it was removed since, or after an error. */
static struct entry *load(struct db *db, int64_t at)
{
    struct entry *entry = NULL;
    char *name = log_name(db, row_log(at));
    sqlite3_stmt *page = db_use(db, SQL_PAGE_OLDEST);
    db_bind_number(page, 1, at);
    db_bind_number(page, 2, at);
    db_bind_number(page, 3, 1);
    if (name && db_row(db, page)) {
        struct event event;
        if (row_load(page, name, &event))
            entry = entry_new(&event);
        db_done(page);
    }
    free(name);
    return entry;
}

static void remember_sent(struct sqlite *sqlite, const struct event *event, int64_t at)
{
    if (!entry_client_key(event, &sqlite->scratch))
        return;
    struct db *db = &sqlite->writer;
    sqlite3_stmt *add = db_use(db, SQL_SENT_ADD);
    db_bind_text(add, 1, sqlite->scratch.data);
    db_bind_number(add, 2, at);
    db_bind_number(add, 3, event->time_ms);
    db_run(db, add);
}

static uint64_t indexed_position(struct db *db, int64_t log)
{
    uint64_t position = 0;
    sqlite3_stmt *find = db_use(db, SQL_LOG_NAME);
    db_bind_number(find, 1, log);
    if (db_row(db, find)) {
        position = (uint64_t)sqlite3_column_int64(find, 1);
        db_done(find);
    }
    return position;
}

/* Takes an entry's text out of the search, unless it has not come there yet. */
static void remove_words(struct db *db, int64_t at, const char *text)
{
    if (row_position(at) > indexed_position(db, row_log(at)))
        return;
    sqlite3_stmt *remove = db_use(db, SQL_WORDS_REMOVE);
    db_bind_number(remove, 1, at);
    db_bind_text(remove, 2, text);
    db_run(db, remove);
}

static void redact(struct sqlite *sqlite, struct log_row *log, const char *id)
{
    struct db *db = &sqlite->writer;
    int64_t at = id ? find_by_id(db, log, id) : 0;
    struct entry *entry = at ? load(db, at) : NULL;
    if (entry && entry->event.type == EVENT_SPEECH && !entry->event.redacted) {
        struct event *event = &entry->event;
        if (event->text)
            remove_words(db, at, event->text);
        log->added_bytes -= row_bytes(event);
        event->redacted = true;
        event->text = event->tags = event->joints = NULL;
        log->added_bytes += row_bytes(event);
        sqlite3_stmt *update = db_use(db, SQL_ENTRY_REDACT);
        db_bind_number(update, 1, at);
        db_bind_number(update, 2, row_kind(event));
        db_run(db, update);
    }
    free(entry);
}

static void rename_log(struct db *db, const struct log_row *log, const char *called)
{
    sqlite3_stmt *update = db_use(db, SQL_LOG_CALLED);
    db_bind_number(update, 1, log->number);
    db_bind_text(update, 2, called);
    db_run(db, update);
}

static void add_entry(struct sqlite *sqlite, struct log_row *log, struct event *event)
{
    sqlite_log_touch(sqlite, log);
    event->position = ++log->position;
    if (event->time_ms > log->time_ms)
        log->since = event->position;
    else
        event->time_ms = log->time_ms; /* so that a time can be found by halving */
    log->time_ms = event->time_ms;
    log->added_bytes += row_bytes(event);
    int64_t at = row_at(log->number, event->position);
    struct db *db = &sqlite->writer;
    sqlite3_stmt *add = db_use(db, SQL_ENTRY_ADD);
    row_bind(add, at, event, log->spoke);
    db_run(db, add);
    if (event->type == EVENT_SPEECH) {
        log->spoke = event->position;
        log->spoken_ms = event->time_ms;
    }
    if (row_is_astray(event, log->since))
        note_astray(sqlite, event, at);
    remember_sent(sqlite, event, at);
    if (event->type == EVENT_REDACT)
        redact(sqlite, log, event->object);
    if (event->type == EVENT_RENAME)
        rename_log(db, log, event->object);
}

static void write_event(struct sqlite *sqlite, struct job *job)
{
    struct event *event = &job->u.append.entry->event;
    free(job->u.append.first);
    job->u.append.first = NULL;
    struct log_row *log = sqlite_log(sqlite, event->log);
    if (!log)
        return;
    int64_t first = find_written(sqlite, log, event->id);
    if (!first)
        first = find_sent(sqlite, event);
    if (first)
        job->u.append.first = load(&sqlite->writer, first);
    if (!job->u.append.first)
        add_entry(sqlite, log, event);
}

static void write_fact(struct db *db, const struct job_put *put)
{
    sqlite3_stmt *write = db_use(db, put->value ? SQL_FACT_PUT : SQL_FACT_REMOVE);
    db_bind_text(write, 1, put->key);
    if (put->value)
        db_bind_bytes(write, 2, put->value, put->len);
    db_run(db, write);
}

static char *find_owner(struct db *db, const char *name)
{
    char *owner = NULL;
    sqlite3_stmt *find = db_use(db, SQL_OWNER_FIND);
    db_bind_text(find, 1, name);
    if (db_row(db, find)) {
        owner = xstrdup((const char *)sqlite3_column_text(find, 0));
        db_done(find);
    }
    return owner;
}

static void write_claim(struct db *db, struct job *job)
{
    struct job_claim *claim = &job->u.claim;
    bool claims = job->type == JOB_CLAIM;
    free(claim->owner_now);
    claim->owner_now = find_owner(db, claim->name);
    if (claim->owner_now && strcmp(claim->owner_now, claim->owner) != 0) {
        job->result = STORE_TAKEN;
        return;
    }
    free(claim->owner_now);
    claim->owner_now = claims ? xstrdup(claim->owner) : NULL;
    sqlite3_stmt *write = db_use(db, claims ? SQL_OWNER_PUT : SQL_OWNER_REMOVE);
    db_bind_text(write, 1, claim->name);
    if (claims)
        db_bind_text(write, 2, claim->owner);
    db_run(db, write);
}

static void write_job(struct sqlite *sqlite, struct job *job)
{
    job->result = STORE_OK;
    if (job->type == JOB_APPEND)
        write_event(sqlite, job);
    else if (job->type == JOB_PUT)
        write_fact(&sqlite->writer, &job->u.put);
    else
        write_claim(&sqlite->writer, job);
}

/* A little room is not enough to call a full disk well again. */
static void probe(struct db *db)
{
    db_run(db, db_use(db, SQL_BEGIN));
    db_run(db, db_use(db, SQL_PROBE_FILL));
    db_run(db, db_use(db, SQL_COMMIT));
    db_run(db, db_use(db, SQL_PROBE_EMPTY));
}

static void write_jobs(struct sqlite *sqlite, struct list *jobs)
{
    struct db *db = &sqlite->writer;
    db_run(db, db_use(db, SQL_BEGIN));
    LIST_FOR(link, jobs)
    {
        if (db->error != SQLITE_OK)
            break;
        write_job(sqlite, job_of(link));
    }
    sqlite_logs_save(sqlite);
    db_run(db, db_use(db, SQL_COMMIT));
}

bool sqlite_write(struct engine *engine, struct list *jobs, struct str *reason)
{
    struct sqlite *sqlite = sqlite_of(engine);
    struct db *db = &sqlite->writer;
    sqlite->idle_steps = 0;
    if (list_empty(jobs))
        probe(db);
    else
        write_jobs(sqlite, jobs);
    bool failed = db->error != SQLITE_OK;
    if (failed) {
        str_adds(reason, db_reason(db->error));
        db_rollback(db);
    }
    sqlite_logs_end(sqlite, failed);
    return !failed;
}
