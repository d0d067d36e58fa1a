/*
 * Levelled lines: one event a line, as text or as JSON.
 *
 * Nothing in a line can act on a terminal or look like another line: control bytes and invalid
 * UTF-8 are made harmless. Never hand it the text of a message or a password.
 * The time is the caller's; there is no global log.
 */
#ifndef SNUG_COMMON_LOG_H
#define SNUG_COMMON_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/str.h"

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

enum log_format { LOG_FORMAT_TEXT, LOG_FORMAT_JSON };

struct log {
    FILE *out; /* borrowed */
    const char *program;
    enum log_level level; /* what is less important is left out */
    enum log_format format;
    struct str line;
    uint64_t lost; /* lines that could not be written, and nobody has been told of yet */
    bool torn;     /* of the last line only a part could be written */
};

/* The names of the levels and formats in their order, NULL-ended: choices for an option. */
extern const char *const log_level_names[];
extern const char *const log_format_names[];

/* Begins a log onto `out`, in the name of `program`; both borrowed. To be ended with log_release. */
void log_init(struct log *log, FILE *out, const char *program, enum log_level level,
              enum log_format format);

/* Gives the log's memory back; `out` stays open. */
void log_release(struct log *log);

/*
 * Writes one event at wall-clock time `now_ms` (milliseconds since 1970, UTC) and flushes it;
 * longer texts are cut at 1 KB. A line that cannot be written is counted in `lost`, and the count is
 * written before the next one that can be. A reader who does not keep up is waited for at most 100 ms, once.
 */
void log_event(struct log *log, int64_t now_ms, enum log_level level, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
