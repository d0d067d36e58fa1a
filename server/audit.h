/* The audit log: what was done to whom, by whom, when and why, as a JSON object a line.
 *
 * It lies with the data, for its owner alone. When it is full it becomes audit.log.1 and a new one
 * begins, so that it never takes more than twice its size. Knows no message and no password. */
#ifndef SNUG_SERVER_AUDIT_H
#define SNUG_SERVER_AUDIT_H

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

/* Opens it in the data directory. False with one line in *error. */
bool audit_open(struct audit *audit, const char *data_dir, size_t max_bytes, struct str *error);

/* Writes one line, or none of it: false with errno set. A log that could not be opened after it was full
 * is tried again each time. */
bool audit_write(struct audit *audit, const struct deed *deed, int64_t now_ms);

#endif
