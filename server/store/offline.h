/* The log for the operator's eyes: exported, checked and backed up, also while a server runs.
 *
 * Nothing here changes the log. Each function returns false with one line in `error` when it could
 * not do its work; what it writes goes to files of the caller's. */
#ifndef SNUG_SERVER_STORE_OFFLINE_H
#define SNUG_SERVER_STORE_OFFLINE_H

#include <stdbool.h>
#include <stdio.h>

struct str;

enum offline_form {
    OFFLINE_TEXT, /* as people read it */
    OFFLINE_JSON, /* an object a line */
};

/* Writes the names of all logs, one a line: a conversation as its two nicks, a room as it is called
 * now, with the log's own name in brackets if that is another. */
bool offline_list(const char *dir, FILE *out, struct str *error);

/* Writes all entries of the log of a room, by the name that it has now or had at first; with `peer`, of the conversation of the two nicks. */
bool offline_export(const char *dir, const char *name, const char *peer, enum offline_form form,
                    FILE *out, struct str *error);

/* Looks for whatever should not be, and writes a line for each, and one that sums up. Sets `sound`. */
bool offline_check(const char *dir, FILE *out, bool *sound, struct str *error);

/* Copies the log, as it is at one moment, to a new file. */
bool offline_backup(const char *dir, const char *file, struct str *error);

#endif
