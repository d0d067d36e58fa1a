/* One connection to the database, its prepared statements and its first error.
 *
 * An error sticks: from then on nothing more is done until db_rollback(), so that a
 * run of statements is checked once at its end. Used by one thread at a time. */
#ifndef SNUG_SERVER_STORE_DB_H
#define SNUG_SERVER_STORE_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* The columns of an entry, in the order of row_load() and row_bind(). */
#define ENTRY_COLUMNS                                                                              \
    "time_ms, kind, id, nick, user, host, account, target, text, tags, object, realname, "         \
    "rank, joints, spoke"

/* An entry's key: the number of its log, and its position there in the low 40 bits. */
#define SQL_STATEMENTS(X)                                                                          \
    X(SQL_BEGIN, "BEGIN IMMEDIATE")                                                                \
    X(SQL_COMMIT, "COMMIT")                                                                        \
    X(SQL_SNAPSHOT, "BEGIN")                                                                       \
    X(SQL_LOG_FIND, "SELECT number, first, position, time_ms, spoken_ms FROM log "                 \
                    "WHERE name = ?1")                                                             \
    X(SQL_LOG_NAME, "SELECT name, indexed, position FROM log WHERE number = ?1")                   \
    X(SQL_LOG_ADD, "INSERT INTO log (name, first, position, time_ms, spoken_ms, bytes, indexed) "  \
                   "VALUES (?1, 1, 0, 0, 0, 0, 0)")                                                \
    X(SQL_LOG_WRITTEN, "UPDATE log SET position = ?2, time_ms = ?3, spoken_ms = ?4, "              \
                       "bytes = bytes + ?5 WHERE number = ?1")                                     \
    X(SQL_LOG_NAMES, "SELECT number, time_ms, name, called FROM log ORDER BY number")              \
    X(SQL_LOG_TARGETS, "SELECT name, spoken_ms FROM log WHERE spoken_ms > ?1 AND spoken_ms < ?2 "  \
                       "AND first <= position ORDER BY spoken_ms DESC")                            \
    X(SQL_LOG_BACKLOG, "SELECT number, position - indexed FROM log WHERE indexed < position")      \
    X(SQL_LOG_NEWEST_TIME, "SELECT max(time_ms) FROM log")                                         \
    X(SQL_LOG_INDEXED, "UPDATE log SET indexed = ?2 WHERE number = ?1")                            \
    X(SQL_LOG_NEXT,                                                                                \
      "SELECT number, first, position, bytes, indexed, name, called FROM log WHERE number > ?1 "   \
      "ORDER BY number LIMIT 1")                                                                   \
    X(SQL_LOG_TRIMMED, "UPDATE log SET first = ?2, bytes = ?3, indexed = max(indexed, ?2 - 1) "    \
                       "WHERE number = ?1")                                                        \
    X(SQL_LOG_CALLED, "UPDATE log SET called = ?2 WHERE number = ?1")                              \
    X(SQL_LOG_SHRUNK, "UPDATE log SET bytes = bytes - ?2 WHERE number = ?1")                       \
    X(SQL_ENTRY_ADD,                                                                               \
      "INSERT INTO entry (at, " ENTRY_COLUMNS ") "                                                 \
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)")            \
    X(SQL_ENTRY_IDS, "SELECT at, time_ms, id FROM entry WHERE at BETWEEN ?1 AND ?2 ORDER BY at")   \
    X(SQL_ENTRY_TIME, "SELECT time_ms FROM entry WHERE at = ?1")                                   \
    X(SQL_ENTRY_SPOKE, "SELECT kind, spoke FROM entry WHERE at = ?1")                              \
    X(SQL_ASTRAY_ADD, "INSERT INTO astray (id, at) VALUES (?1, ?2)")                               \
    X(SQL_ASTRAY_FIND, "SELECT at FROM astray WHERE id = ?1 AND at BETWEEN ?2 AND ?3")             \
    X(SQL_ASTRAY_NEWEST, "SELECT max(id) FROM astray")                                             \
    X(SQL_ASTRAY_REMOVE, "DELETE FROM astray WHERE id = ?1 AND at = ?2")                           \
    X(SQL_ENTRY_REDACT,                                                                            \
      "UPDATE entry SET kind = ?2, text = NULL, tags = NULL, joints = NULL WHERE at = ?1")         \
    X(SQL_ENTRY_REMOVE, "DELETE FROM entry WHERE at = ?1")                                         \
    X(SQL_PAGE_OLDEST, "SELECT at, " ENTRY_COLUMNS " FROM entry "                                  \
                       "WHERE at BETWEEN ?1 AND ?2 ORDER BY at LIMIT ?3")                          \
    X(SQL_PAGE_NEWEST, "SELECT at, " ENTRY_COLUMNS " FROM entry "                                  \
                       "WHERE at BETWEEN ?1 AND ?2 ORDER BY at DESC LIMIT ?3")                     \
    X(SQL_SENT_FIND, "SELECT at, time_ms FROM sent WHERE key = ?1")                                \
    X(SQL_SENT_ADD, "INSERT OR REPLACE INTO sent (key, at, time_ms) VALUES (?1, ?2, ?3)")          \
    X(SQL_SENT_NEXT, "SELECT max(key) FROM (SELECT key FROM sent WHERE key > ?1 "                  \
                     "ORDER BY key LIMIT ?2)")                                                     \
    X(SQL_SENT_REMOVE, "DELETE FROM sent WHERE key > ?1 AND key <= ?2 AND time_ms < ?3")           \
    X(SQL_FACT_PUT, "INSERT OR REPLACE INTO fact (key, value) VALUES (?1, ?2)")                    \
    X(SQL_FACT_REMOVE, "DELETE FROM fact WHERE key = ?1")                                          \
    X(SQL_FACT_EACH, "SELECT key, value FROM fact WHERE key >= ?1 ORDER BY key")                   \
    X(SQL_OWNER_FIND, "SELECT owner FROM owner WHERE name = ?1")                                   \
    X(SQL_OWNER_PUT, "INSERT OR REPLACE INTO owner (name, owner) VALUES (?1, ?2)")                 \
    X(SQL_OWNER_REMOVE, "DELETE FROM owner WHERE name = ?1")                                       \
    X(SQL_WORDS_ADD, "INSERT INTO words (rowid, text) SELECT at, text FROM entry "                 \
                     "WHERE at BETWEEN ?1 AND ?2 AND kind < 8 AND text IS NOT NULL ORDER BY at")   \
    X(SQL_WORDS_REMOVE, "INSERT INTO words (words, rowid, text) VALUES ('delete', ?1, ?2)")        \
    X(SQL_WORDS_FIND, "SELECT rowid FROM words WHERE words MATCH ?1 AND rowid BETWEEN ?2 AND ?3 "  \
                      "ORDER BY rowid DESC LIMIT ?4")                                              \
    X(SQL_PROBE_FILL, "INSERT INTO probe (filler) VALUES (zeroblob(65536))")                       \
    X(SQL_PROBE_EMPTY, "DELETE FROM probe")

enum sql {
#define SQL_NAME(name, text) name,
    SQL_STATEMENTS(SQL_NAME)
#undef SQL_NAME
        SQL_COUNT
};

struct db {
    sqlite3 *handle;
    sqlite3_stmt *statements[SQL_COUNT]; /* made when first used */
    int error;                           /* the first one's extended code; SQLITE_OK if none */
};

/* Opens a database file (flags: SQLITE_OPEN_...); false after an error. To be ended with db_close()
 * either way. A commit waits busy_ms for others. */
bool db_open(struct db *db, const char *path, int flags, const char *vfs, int64_t busy_ms);

void db_close(struct db *db);

/* Runs SQL texts without results. */
bool db_exec(struct db *db, const char *sql);

/* The first column of the first row as a number; 0 if there is none. */
int64_t db_number(struct db *db, const char *sql);

/* A statement ready for its parameters; NULL after an error, which all the others take. */
sqlite3_stmt *db_use(struct db *db, enum sql sql);

/* Steps: true if there is a row. At the end, or after an error, the statement is reset. */
bool db_row(struct db *db, sqlite3_stmt *statement);

/* Steps a statement without rows to its end. */
void db_run(struct db *db, sqlite3_stmt *statement);

/* Gives a statement back before its end. */
void db_done(sqlite3_stmt *statement);

/* Ends a transaction in which an error stuck, and forgets the error. */
void db_rollback(struct db *db);

/* Parameters; text and bytes are borrowed until the statement is reset; NULL binds NULL. */
void db_bind_number(sqlite3_stmt *statement, int at, int64_t number);
void db_bind_text(sqlite3_stmt *statement, int at, const char *text);
void db_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t len);

/* What went wrong, in words for the operator. */
const char *db_reason(int error);

#endif
