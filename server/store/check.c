/* Whether a log is as the server would have left it. */
#include <inttypes.h>
#include <string.h>

#include "common/str.h"
#include "server/store/offline.h"
#include "server/store/row.h"
#include "server/store/schema.h"

enum { FAULTS_SHOWN = 100 };

struct check {
    struct db db;
    FILE *out;
    uint64_t entries, logs, faults;
};

static void fault(struct check *check, const char *what, int64_t log, uint64_t position)
{
    if (++check->faults > FAULTS_SHOWN)
        return;
    fprintf(check->out, "log %" PRId64 ", entry %" PRIu64 ": %s\n", log, position, what);
}

/* What SQLite itself finds. */
static void check_database(struct check *check)
{
    sqlite3_stmt *rows = NULL;
    struct db *db = &check->db;
    if (sqlite3_prepare_v2(db->handle, "PRAGMA integrity_check", -1, &rows, NULL) != SQLITE_OK)
        db->error = sqlite3_extended_errcode(db->handle);
    while (db_row(db, rows)) {
        const char *text = (const char *)sqlite3_column_text(rows, 0);
        if (text && strcmp(text, "ok") != 0 && ++check->faults <= FAULTS_SHOWN)
            fprintf(check->out, "database: %s\n", text);
    }
    sqlite3_finalize(rows);
}

/* The log at hand, while its entries pass by. */
struct passing {
    int64_t number;
    uint64_t next, last; /* positions */
    int64_t time_ms;
    uint64_t first, spoke; /* positions: of the oldest entry, of the latest speech, */
    uint64_t since;        /* of the oldest entry that has the time of the newest */
};

/* By what an entry is found beside its position. */
static void check_places(struct check *check, struct passing *log, sqlite3_stmt *row,
                         const struct event *event)
{
    enum { KIND = 2, SPOKE = 15 };
    uint64_t spoke = row_spoke(row, KIND, SPOKE, event->position);
    /* What was said before the oldest entry is gone. */
    if (event->type != EVENT_SPEECH && spoke != log->spoke &&
        (log->spoke > 0 || spoke >= log->first))
        fault(check, "the latest speech before it is another", log->number, event->position);
    log->spoke = event->type == EVENT_SPEECH ? event->position : log->spoke;
    if (!row_is_astray(event, log->since))
        return;
    struct db *db = &check->db;
    sqlite3_stmt *find = db_use(db, SQL_ASTRAY_FIND);
    db_bind_text(find, 1, event->id);
    db_bind_number(find, 2, row_at(log->number, event->position));
    db_bind_number(find, 3, row_at(log->number, event->position));
    if (db_row(db, find))
        db_done(find);
    else
        fault(check, "it cannot be found by its id", log->number, event->position);
}

static void check_entry(struct check *check, struct passing *log, sqlite3_stmt *row)
{
    struct event event;
    uint64_t position = row_position(sqlite3_column_int64(row, 0));
    if (position != log->next)
        fault(check, "entries before it are missing", log->number, position);
    if (position > log->last)
        fault(check, "it lies behind the end", log->number, position);
    log->next = position + 1;
    if (!row_load(row, "", &event)) {
        fault(check, "it makes no sense", log->number, position);
        return;
    }
    if (event.time_ms < log->time_ms)
        fault(check, "it is older than the one before it", log->number, position);
    if (event.redacted && event.text)
        fault(check, "it was redacted, but its text is there", log->number, position);
    if (event.time_ms != log->time_ms)
        log->since = position;
    log->time_ms = event.time_ms;
    check_places(check, log, row, &event);
}

static void check_log(struct check *check, struct passing *log)
{
    struct db *db = &check->db;
    sqlite3_stmt *rows = db_use(db, SQL_PAGE_OLDEST);
    db_bind_number(rows, 1, row_at(log->number, 0));
    db_bind_number(rows, 2, row_at(log->number + 1, 0) - 1);
    db_bind_number(rows, 3, -1);
    while (db_row(db, rows)) {
        check_entry(check, log, rows);
        check->entries++;
    }
    if (log->next != log->last + 1)
        fault(check, "entries at the end are missing", log->number, log->next);
}

static void check_logs(struct check *check)
{
    struct db *db = &check->db;
    sqlite3_stmt *logs = db_use(db, SQL_LOG_NEXT);
    struct passing log = {0};
    db_bind_number(logs, 1, 0);
    while (db_row(db, logs)) {
        log = (struct passing){.number = sqlite3_column_int64(logs, 0),
                               .first = (uint64_t)sqlite3_column_int64(logs, 1),
                               .since = (uint64_t)sqlite3_column_int64(logs, 1),
                               .next = (uint64_t)sqlite3_column_int64(logs, 1),
                               .last = (uint64_t)sqlite3_column_int64(logs, 2)};
        db_done(logs);
        check_log(check, &log);
        check->logs++;
        db_bind_number(logs, 1, log.number);
    }
    uint64_t all = (uint64_t)db_number(db, "SELECT count(*) FROM entry");
    if (all != check->entries)
        fault(check, "entries belong to no log", 0, all - check->entries);
    uint64_t left = (uint64_t)db_number(
        db, "SELECT count(*) FROM astray WHERE NOT EXISTS (SELECT 1 FROM entry WHERE "
            "entry.at = astray.at AND entry.id = astray.id)");
    if (left > 0)
        fault(check, "ids are left of entries that are gone", 0, left);
}

bool offline_check(const char *dir, FILE *out, bool *sound, struct str *error)
{
    struct check check = {.out = out};
    bool good = schema_open_to_read(dir, true, &check.db, error);
    if (good) {
        /* One snapshot, so that a running server does not look like a fault. */
        db_run(&check.db, db_use(&check.db, SQL_SNAPSHOT));
        check_database(&check);
        check_logs(&check);
        if (check.db.error != SQLITE_OK) {
            fprintf(out, "database: %s\n", db_reason(check.db.error));
            check.faults++;
        }
        fprintf(out, "%" PRIu64 " entries in %" PRIu64 " logs: ", check.entries, check.logs);
        if (check.faults > 0)
            fprintf(out, "%" PRIu64 " faults\n", check.faults);
        else
            fputs("sound\n", out);
        db_rollback(&check.db);
    }
    *sound = check.faults == 0;
    db_close(&check.db);
    return good;
}
