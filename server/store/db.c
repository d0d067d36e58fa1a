#include "server/store/db.h"

#include "common/alloc.h"

static const char *const texts[SQL_COUNT] = {
#define SQL_TEXT(name, text) [name] = text,
    SQL_STATEMENTS(SQL_TEXT)
#undef SQL_TEXT
};

/* Keeps the first error. */
static bool noted(struct db *db, int result)
{
    if (result == SQLITE_OK || result == SQLITE_ROW || result == SQLITE_DONE)
        return true;
    if ((result & 0xff) == SQLITE_NOMEM)
        out_of_memory(0);
    if (db->error == SQLITE_OK)
        db->error = db->handle ? sqlite3_extended_errcode(db->handle) : result;
    if (db->error == SQLITE_OK)
        db->error = result;
    return false;
}

bool db_open(struct db *db, const char *path, int flags, const char *vfs, int64_t busy_ms)
{
    *db = (struct db){0};
    int result = sqlite3_open_v2(path, &db->handle, flags | SQLITE_OPEN_NOMUTEX, vfs);
    if (!noted(db, result))
        return false;
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_timeout(db->handle, (int)busy_ms);
    return db_exec(db, "PRAGMA trusted_schema = OFF; PRAGMA temp_store = MEMORY");
}

void db_close(struct db *db)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_finalize(db->statements[i]);
    sqlite3_close(db->handle);
    *db = (struct db){0};
}

bool db_exec(struct db *db, const char *sql)
{
    return db->error == SQLITE_OK && noted(db, sqlite3_exec(db->handle, sql, NULL, NULL, NULL));
}

int64_t db_number(struct db *db, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t number = 0;
    if (db->error == SQLITE_OK)
        noted(db, sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL));
    if (db_row(db, statement))
        number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

sqlite3_stmt *db_use(struct db *db, enum sql sql)
{
    if (db->error != SQLITE_OK)
        return NULL;
    sqlite3_stmt **statement = &db->statements[sql];
    if (!*statement)
        noted(db, sqlite3_prepare_v3(db->handle, texts[sql], -1, SQLITE_PREPARE_PERSISTENT,
                                     statement, NULL));
    return *statement;
}

bool db_row(struct db *db, sqlite3_stmt *statement)
{
    if (!statement)
        return false;
    int result = sqlite3_step(statement);
    if (result == SQLITE_ROW)
        return true;
    noted(db, result);
    sqlite3_reset(statement);
    return false;
}

void db_run(struct db *db, sqlite3_stmt *statement)
{
    while (db_row(db, statement))
        continue;
}

void db_done(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
}

void db_rollback(struct db *db)
{
    for (int i = 0; i < SQL_COUNT; i++)
        sqlite3_reset(db->statements[i]);
    /* Some errors have rolled back by themselves. */
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
    db->error = SQLITE_OK;
}

void db_bind_number(sqlite3_stmt *statement, int at, int64_t number)
{
    if (statement)
        sqlite3_bind_int64(statement, at, number);
}

void db_bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    if (statement)
        sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

void db_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t len)
{
    if (statement)
        sqlite3_bind_blob64(statement, at, bytes, len, SQLITE_STATIC);
}

const char *db_reason(int error)
{
    switch (error & 0xff) {
    case SQLITE_FULL:
        return "the disk is full";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return "another program has the log locked";
    case SQLITE_READONLY:
        return "the log is read-only";
    case SQLITE_CANTOPEN:
        return "the log cannot be opened";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return "the log is damaged";
    case SQLITE_IOERR:
        if (error == SQLITE_IOERR_SHMSIZE) /* a file that is mapped, and cannot grow */
            return "the disk is full";
        return error == SQLITE_IOERR_FSYNC || error == SQLITE_IOERR_DIR_FSYNC
                   ? "the disk cannot sync"
                   : "the disk cannot be read or written";
    default:
        return sqlite3_errstr(error);
    }
}
