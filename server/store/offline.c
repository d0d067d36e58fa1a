#include "server/store/offline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/file.h"
#include "common/text.h"
#include "server/store/export.h"
#include "server/store/row.h"
#include "server/store/schema.h"
#include "server/store/span.h"

enum {
    LINE_MAX_BYTES = 1024 * 1024,
    BUSY_MS = 10000,
};

/* The columns of SQL_LOG_NAMES. */
enum { NAMES_NUMBER, NAMES_TIME, NAMES_NAME };

static bool finish(struct db *db, FILE *out, struct str *error)
{
    if (db->error == SQLITE_OK)
        return file_finish(out, error);
    str_addf(error, "cannot read the log: %s", db_reason(db->error));
    return false;
}

static const char *column_text(sqlite3_stmt *row, int column)
{
    const char *text = (const char *)sqlite3_column_text(row, column);
    return text ? text : "";
}

/* A conversation's name is its nicks on two lines. */
static void write_nicks(struct str *line, const char *name)
{
    size_t len = strcspn(name, "\n");
    text_harmless(line, name, len);
    str_addc(line, ' ');
    text_harmless(line, name + len + 1, strlen(name + len + 1));
}

/* The log's name, too, where that is another. */
static void write_room(struct str *line, const char *called, const char *name)
{
    text_harmless(line, called, strlen(called));
    if (entry_same_name(called, name))
        return;
    str_adds(line, " (");
    text_harmless(line, name, strlen(name));
    str_addc(line, ')');
}

static void write_name(FILE *out, sqlite3_stmt *log)
{
    struct str line, called;
    str_init(&line, LINE_MAX_BYTES);
    str_init(&called, LINE_MAX_BYTES);
    if (row_called(log, NAMES_NAME, &called))
        write_room(&line, called.data, column_text(log, NAMES_NAME));
    else
        write_nicks(&line, column_text(log, NAMES_NAME));
    fprintf(out, "%s\n", line.data);
    str_release(&line);
    str_release(&called);
}

bool offline_list(const char *dir, FILE *out, struct str *error)
{
    struct db db;
    bool good = schema_open_to_read(dir, true, &db, error);
    if (good) {
        sqlite3_stmt *logs = db_use(&db, SQL_LOG_NAMES);
        while (!ferror(out) && db_row(&db, logs))
            write_name(out, logs);
        good = finish(&db, out, error);
    }
    db_close(&db);
    return good;
}

static bool is_of_both(const char *log, const char *name, const char *peer)
{
    const char *gap = strchr(log, '\n');
    if (!gap)
        return false;
    char *left = xmemdup0(log, (size_t)(gap - log));
    bool meant = (entry_same_name(left, name) && entry_same_name(gap + 1, peer)) ||
                 (entry_same_name(left, peer) && entry_same_name(gap + 1, name));
    free(left);
    return meant;
}

/* How well a log fits what was asked for. */
enum fit { FIT_NOT, FIT_ONCE, FIT_NOW };

static enum fit fit(sqlite3_stmt *log, const char *name, const char *peer)
{
    const char *own = column_text(log, NAMES_NAME);
    if (peer)
        return is_of_both(own, name, peer) ? FIT_NOW : FIT_NOT;
    struct str called;
    str_init(&called, LINE_MAX_BYTES);
    enum fit fits = FIT_NOT;
    if (row_called(log, NAMES_NAME, &called))
        fits = entry_same_name(called.data, name) ? FIT_NOW
               : entry_same_name(own, name)       ? FIT_ONCE
                                                  : FIT_NOT;
    str_release(&called);
    return fits;
}

/* The number of the log of the room that has that name now, else of one that had it; of several the
 * one that was written to last. 0: there is none. */
static int64_t find_log(struct db *db, const char *name, const char *peer)
{
    int64_t number = 0, time_ms = 0;
    enum fit best = FIT_NOT;
    sqlite3_stmt *logs = db_use(db, SQL_LOG_NAMES);
    while (db_row(db, logs)) {
        enum fit fits = fit(logs, name, peer);
        int64_t written_ms = sqlite3_column_int64(logs, NAMES_TIME);
        if (fits < best || fits == FIT_NOT || (fits == best && written_ms < time_ms))
            continue;
        best = fits;
        time_ms = written_ms;
        number = sqlite3_column_int64(logs, NAMES_NUMBER);
    }
    return number;
}

static void write_entries(struct db *db, int64_t log, const char *name, enum offline_form form,
                          FILE *out)
{
    struct str line;
    str_init(&line, LINE_MAX_BYTES);
    sqlite3_stmt *rows = db_use(db, SQL_PAGE_OLDEST);
    db_bind_number(rows, 1, row_at(log, 1));
    db_bind_number(rows, 2, row_at(log, POSITION_MAX));
    db_bind_number(rows, 3, -1);
    while (!ferror(out) && db_row(db, rows)) {
        struct event event;
        if (!row_load(rows, name, &event))
            continue; /* offline_check() names it */
        str_reset(&line);
        if (form == OFFLINE_JSON)
            export_json(&line, &event);
        else
            export_text(&line, &event);
        fwrite(line.data, 1, line.len, out);
    }
    str_release(&line);
}

bool offline_export(const char *dir, const char *name, const char *peer, enum offline_form form,
                    FILE *out, struct str *error)
{
    struct db db;
    bool good = schema_open_to_read(dir, true, &db, error);
    if (good) {
        int64_t log = find_log(&db, name, peer);
        if (log)
            write_entries(&db, log, name, form, out);
        else if (db.error == SQLITE_OK)
            str_adds(error, "there is no such log; `snugd export` without a name lists them");
        good = log && finish(&db, out, error);
    }
    db_close(&db);
    return good;
}

/* Makes the file, which must be new, for its owner alone. */
static bool make_file(const char *file, struct str *error)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0)
        close(fd);
    else
        str_addf(error, "%s: %s", file, strerror(errno));
    return fd >= 0;
}

/* Returns SQLite's code. */
static int copy_all(struct db *from, struct db *to)
{
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (!backup)
        return sqlite3_extended_errcode(to->handle);
    /* All at once: a reader's snapshot, for which no writer has to wait. */
    sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup);
}

/* What SQLite says of a file is said of the copy: that the log can be opened and read is known. */
static const char *copy_reason(int error)
{
    switch (error & 0xff) {
    case SQLITE_CANTOPEN:
        return "the copy cannot be opened";
    case SQLITE_READONLY:
        return "the copy cannot be written";
    default:
        return db_reason(error);
    }
}

static bool copy(struct db *from, const char *file, struct str *error)
{
    struct db to;
    bool open = db_open(&to, file, SQLITE_OPEN_READWRITE, NULL, BUSY_MS);
    int result = open ? copy_all(from, &to) : to.error;
    if (result != SQLITE_OK)
        str_addf(error, "%s: %s", file, copy_reason(result));
    db_close(&to);
    return result == SQLITE_OK;
}

bool offline_backup(const char *dir, const char *file, struct str *error)
{
    struct db db;
    bool good = schema_open_to_read(dir, false, &db, error) && make_file(file, error);
    if (good) {
        good = copy(&db, file, error);
        if (!good)
            unlink(file);
    }
    db_close(&db);
    return good;
}
