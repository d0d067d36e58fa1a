/* The tables of the log, and how a database comes to have them. */
#ifndef SNUG_SERVER_STORE_SCHEMA_H
#define SNUG_SERVER_STORE_SCHEMA_H

#include "server/store/db.h"

enum {
    SCHEMA_APPLICATION = 0x536e7567, /* "Snug" in the database's header */
};

/* The steps from each version to the next, beginning with an empty database; their number is the
 * version that this program writes. */
extern const char *const schema_steps[];
extern const size_t schema_step_count;

/* Says whether this is a log that the program with so many steps may open, an empty one included;
 * else sets `error` to one line. Changes nothing. */
bool schema_check(struct db *db, const char *path, size_t step_count, struct str *error);

/* Opens the log of a directory without ever changing it; `current`: its tables must be those of this
 * program. False, and one line in `error`, if it cannot be; to be ended with db_close() either way. */
bool schema_open_to_read(const char *dir, bool current, struct db *db, struct str *error);

/* Brings the database to the version of the last step, all in one transaction. */
bool schema_migrate(struct db *db, const char *const *steps, size_t step_count);

#endif
