#include "server/store/schema.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "common/str.h"
#include "server/store/datadir.h"
#include "server/store/row.h"

enum {
    PATH_MAX_BYTES = 4096,
    BUSY_MS = 10000, /* so long other programs are waited for */
};

/* Steps are never changed once they were released, only added. */
const char *const schema_steps[] = {
    /* 1: positions are dense from log.first to log.position; log.bytes is what retention counts;
     * up to log.indexed the words can be searched. */
    "CREATE TABLE log ("
    " number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL,"
    " position INTEGER NOT NULL, time_ms INTEGER NOT NULL, spoken_ms INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL, indexed INTEGER NOT NULL);"
    "CREATE INDEX log_unindexed ON log (number) WHERE indexed < position;"
    "CREATE TABLE entry ("
    " at INTEGER PRIMARY KEY, time_ms INTEGER NOT NULL, kind INTEGER NOT NULL, id TEXT NOT NULL,"
    " nick TEXT, user TEXT, host TEXT, account TEXT, target TEXT, text TEXT, tags TEXT,"
    " object TEXT, realname TEXT, rank INTEGER NOT NULL);"
    "CREATE INDEX entry_id ON entry (id);"
    "CREATE INDEX entry_speech ON entry (at) WHERE kind < 16;"
    "CREATE TABLE sent ("
    " key TEXT PRIMARY KEY, at INTEGER NOT NULL, time_ms INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE fact (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE owner (name TEXT PRIMARY KEY, owner TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE probe (filler BLOB);"
    "CREATE VIRTUAL TABLE words USING fts5 ("
    " text, content='entry', content_rowid='at', tokenize='unicode61 remove_diacritics 2');",
    /* 2: where a client cut lines that belong together; log.called is the name of the room since it was
     * renamed, and 23 the kind of entry that says so. */
    "ALTER TABLE entry ADD COLUMN joints TEXT;"
    "ALTER TABLE log ADD COLUMN called TEXT;"
    "UPDATE log SET called = (SELECT object FROM entry"
    " WHERE at BETWEEN (number << 40) AND ((number + 1) << 40) - 1 AND kind = 23"
    " ORDER BY at DESC LIMIT 1);",
    /* 3: an entry is found by the time in its id; those where that is another than their own, and those
     * behind 256 of one time, are in `astray`. entry.spoke is the position of the latest speech before an entry that is none (0: there
     * is none). So a line costs one row and no index. */
    "CREATE TABLE astray (id TEXT, at INTEGER, PRIMARY KEY (id, at)) WITHOUT ROWID;"
    "INSERT INTO astray SELECT id, at FROM entry WHERE id_ms(id) <> time_ms OR EXISTS"
    " (SELECT 1 FROM entry AS before WHERE before.at = entry.at - 256"
    " AND before.time_ms = entry.time_ms) ORDER BY id, at;"
    "ALTER TABLE entry ADD COLUMN spoke INTEGER;"
    "UPDATE entry SET spoke = ifnull((SELECT said.at & ((1 << 40) - 1)"
    " FROM entry AS said INDEXED BY entry_speech WHERE said.kind < 16"
    " AND said.at BETWEEN entry.at >> 40 << 40 AND entry.at ORDER BY said.at DESC LIMIT 1), 0)"
    " WHERE kind >= 16;"
    "DROP INDEX entry_id;"
    "DROP INDEX entry_speech;"
    "DROP INDEX log_unindexed;",
    /* 4: the search does not count the words of each entry, which nobody asks for; it begins anew. */
    "DROP TABLE words;"
    "CREATE VIRTUAL TABLE words USING fts5 (text, content='entry', content_rowid='at',"
    " columnsize=0, tokenize='unicode61 remove_diacritics 2');"
    "UPDATE log SET indexed = first - 1;",
};
const size_t schema_step_count = sizeof schema_steps / sizeof schema_steps[0];

bool schema_check(struct db *db, const char *path, size_t step_count, struct str *error)
{
    int64_t tables = db_number(db, "SELECT count(*) FROM sqlite_schema");
    int64_t application = db_number(db, "PRAGMA application_id");
    int64_t version = db_number(db, "PRAGMA user_version");
    if (db->error != SQLITE_OK)
        str_addf(error, "%s: %s", path, db_reason(db->error));
    else if (tables > 0 && application != SCHEMA_APPLICATION)
        str_addf(error, "%s: not a log of snugd; move it away or choose another --data", path);
    else if (version > (int64_t)step_count)
        str_addf(error,
                 "%s: written by a newer snugd (version %lld, this one knows %zu); update snugd",
                 path, (long long)version, step_count);
    else
        return true;
    return false;
}

/* Nothing is changed here, so an older log is not brought up to date. */
static bool check_current(struct db *db, const char *path, struct str *error)
{
    if (db_number(db, "PRAGMA user_version") == (int64_t)schema_step_count)
        return true;
    str_addf(error, "%s: written by an older snugd; start this one on it once", path);
    return false;
}

/* Whether nobody can write to the log, and there is nothing beside it that belongs to it: on a read-only
 * file system SQLite cannot make the files with which it shares a log. */
static bool is_at_rest(const char *path)
{
    struct statvfs system;
    struct stat journal;
    struct str beside;
    if (statvfs(path, &system) != 0 || !(system.f_flag & ST_RDONLY))
        return false;
    str_init(&beside, PATH_MAX_BYTES);
    str_addf(&beside, "%s-wal", path);
    bool alone = stat(beside.data, &journal) != 0 || journal.st_size == 0;
    str_release(&beside);
    return alone;
}

/* Source: sqlite.org/uri.html. */
static void write_uri_at_rest(struct str *uri, const char *path)
{
    str_adds(uri, *path == '/' ? "file://" : "file:");
    for (; *path; path++) {
        if (strchr("%?#", *path))
            str_addf(uri, "%%%02x", (unsigned char)*path);
        else
            str_addc(uri, *path);
    }
    str_adds(uri, "?immutable=1");
}

static bool open_to_read(const char *path, struct db *db)
{
    struct str uri;
    if (!is_at_rest(path))
        return db_open(db, path, SQLITE_OPEN_READONLY, NULL, BUSY_MS);
    str_init(&uri, 3 * PATH_MAX_BYTES);
    write_uri_at_rest(&uri, path);
    bool open = db_open(db, uri.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL, BUSY_MS);
    str_release(&uri);
    return open;
}

bool schema_open_to_read(const char *dir, bool current, struct db *db, struct str *error)
{
    struct str path;
    str_init(&path, PATH_MAX_BYTES);
    datadir_database(dir, &path);
    bool open = open_to_read(path.data, db);
    if (!open && access(path.data, F_OK) != 0)
        str_addf(error, "%s: %s; name the server's directory with --data", path.data,
                 strerror(errno));
    else
        open = schema_check(db, path.data, schema_step_count, error) &&
               (!current || check_current(db, path.data, error));
    str_release(&path);
    return open;
}

static void set_number(struct db *db, const char *name, int64_t number)
{
    struct str sql;
    str_init(&sql, 100);
    str_addf(&sql, "PRAGMA %s = %lld", name, (long long)number);
    db_exec(db, sql.data);
    str_release(&sql);
}

/* The SQL function id_ms(): see row_id_ms(). */
static void id_ms(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    const char *id = (const char *)sqlite3_value_text(values[0]);
    sqlite3_result_int64(context, id ? row_id_ms(id) : -1);
}

bool schema_migrate(struct db *db, const char *const *steps, size_t step_count)
{
    size_t version = (size_t)db_number(db, "PRAGMA user_version");
    if (db->error == SQLITE_OK && version >= step_count)
        return true;
    sqlite3_create_function(db->handle, "id_ms", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, id_ms,
                            NULL, NULL);
    db_exec(db, "BEGIN IMMEDIATE");
    for (size_t i = version; i < step_count; i++)
        db_exec(db, steps[i]);
    set_number(db, "application_id", SCHEMA_APPLICATION);
    set_number(db, "user_version", (int64_t)step_count);
    db_exec(db, "COMMIT");
    return db->error == SQLITE_OK;
}
