/* An event as a row of the table `entry`, and back. */
#ifndef SNUG_SERVER_STORE_ROW_H
#define SNUG_SERVER_STORE_ROW_H

#include "server/core/types.h"
#include "server/store/db.h"
#include "server/store/entry.h"

struct str;

/* The key of a position, and the parts of a key. */
int64_t row_at(int64_t log, uint64_t position);
uint64_t row_position(int64_t at);
int64_t row_log(int64_t at);

/* The number that stands for what the event is. Numbers are stored: none is ever changed. */
int row_kind(const struct event *event);

/* The time in an id that the server made (a ULID), in ms; -1 for any other. */
int64_t row_id_ms(const char *id);

/* The greatest id with that time in it. */
void row_last_id(int64_t ms, char id[EVENT_ID_MAX]);

/* So many entries of one time in a log are looked through for an id. The clock of the server never runs
 * backwards: where it was set back, all have one time until it has caught up. */
enum { ROW_SAME_TIME_MAX = 256 };

/* Whether the event is to be found by its id without knowing its time: it is not the one in its id, or
 * too many before it, from position `since` on, have the same. */
bool row_is_astray(const struct event *event, uint64_t since);

/* Binds the key and ENTRY_COLUMNS; the strings are borrowed until the statement is reset. `spoke` is
 * the position of the latest speech before it; that of speech itself is not kept. */
void row_bind(sqlite3_stmt *statement, int64_t at, const struct event *event, uint64_t spoke);

/* The position of the latest speech up to an entry, of which two columns are kind and spoke. */
uint64_t row_spoke(sqlite3_stmt *statement, int kind, int spoke, uint64_t position);

/* The event in the current row, whose columns are the key and ENTRY_COLUMNS; its strings are borrowed
 * until the next step, its log from the caller. False if the row makes no sense. */
bool row_load(sqlite3_stmt *statement, const char *log, struct event *event);

/* Appends what a room is called whose log's name is in that column, and what it was called last in the
 * next one, if it was ever renamed. False if it is no room's log, or an absurd name. (A log's name is
 * that which its room had first, perhaps with a comma and something that makes it unique.) */
bool row_called(sqlite3_stmt *statement, int column, struct str *called);

/* What the event counts for retention, in bytes. */
int64_t row_bytes(const struct event *event);

#endif
