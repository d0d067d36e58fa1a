/* The directory that the log lies in: made when missing, and used by one server at a time. */
#ifndef SNUG_SERVER_STORE_DATADIR_H
#define SNUG_SERVER_STORE_DATADIR_H

struct str;

/* Makes the directory, mode 0700, and those above it, if they are missing, and locks it. Returns a
 * descriptor that holds the lock until it is closed, or -1 with one line in `error`, as where others may write there. */
int datadir_lock(const char *dir, struct str *error);

/* Sets `path` to that of the log's database in the directory. */
void datadir_database(const char *dir, struct str *path);

#endif
