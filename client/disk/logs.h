/*
 * What is said, as plain text on disk: a file for each room and each person, on request.
 *
 * A line is appended once it is settled, with its time, and is harmless to a terminal. What the file
 * has already, because an earlier run wrote it and the server's history told it again, is not appended
 * again; nor is what is older than all that is looked at there. Files are for their owner alone.
 * Invariant: a file is only appended to, whole lines at a time.
 */
#ifndef SNUG_CLIENT_DISK_LOGS_H
#define SNUG_CLIENT_DISK_LOGS_H

#include "client/model/model.h"

struct logs;

/* Logs of that server lie in a directory of its own within `directory`; NULL: there is no place for them.
 * Both are copied. End: logs_free. */
struct logs *logs_new(const char *directory, const char *server);
void logs_free(struct logs *logs);

/* Appends what is new, if the user wants logs. When that fails he is told so, once; it is tried again every
 * LOGS_RETRY_MS, and what the model still has by then is not lost to the logs. */
void logs_write(struct logs *logs, struct model *model, int64_t now_ms);

/* The same, however long ago it failed: at the end. */
void logs_write_now(struct logs *logs, struct model *model, int64_t now_ms);

enum { LOGS_RETRY_MS = 5000 };

#endif
