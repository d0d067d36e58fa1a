/* The audit log: what was done to whom, by whom, when and why, as a JSON object a line.
 *
 * It lies with the data, for its owner alone. When it is full it becomes audit.log.1 and a new one
 * begins, so that it never takes more than twice its size. What is done in rooms, which anybody can
 * do any number of times in his own, and wrong passwords of OPER have a log beside it, so that they push
 * nothing else out. Knows no
 * message and no password. */
#ifndef SNUG_SERVER_ADMIN_AUDIT_H
#define SNUG_SERVER_ADMIN_AUDIT_H

#include <stdbool.h>

#include "common/str.h"
#include "server/core/types.h"

struct audit {
    int fd; /* -1: it is not open */
    char *path;
    size_t bytes;
    size_t max_bytes;
    struct str line;
};

/* A log that is not open: nothing is written. */
void audit_init(struct audit *audit);
void audit_release(struct audit *audit);

/* The files that there are: audit.log, and rooms.log. */
enum audit_log { AUDIT_SERVER, AUDIT_ROOMS, AUDIT_LOGS };

/* In which of them a record is written. */
enum audit_log audit_log_of(const struct audit_record *record);

/* Opens that one in the data directory. False with one line in *error. */
bool audit_open_log(struct audit *audit, const char *data_dir, enum audit_log log, size_t max_bytes,
                    struct str *error);

/* The same with audit.log. */
bool audit_open(struct audit *audit, const char *data_dir, size_t max_bytes, struct str *error);

/* Writes one line, or none of it: false with errno set. A log that could not be opened after it was full
 * is tried again each time. */
bool audit_write(struct audit *audit, const struct audit_record *record, int64_t now_ms);

#endif
