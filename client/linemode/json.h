/* A line of a buffer as one JSON object (RFC 8259), for programs: {"time": ..., "type": "message", ...} */
#ifndef SNUG_CLIENT_LINEMODE_JSON_H
#define SNUG_CLIENT_LINEMODE_JSON_H

#include "client/model/buffer.h"
#include "client/model/line.h"
#include "client/model/line_event.h"
#include "common/str.h"

/* What programs call the kind of a line: "message", "join", ... */
const char *linemode_type(enum line_kind kind);

/* Appends the time as RFC 3339 has it, in UTC with milliseconds. */
void linemode_time(int64_t time_ms, struct str *out);

/* Appends the object, without a line end. What a terminal could obey is escaped. */
void linemode_json(const struct buffer *buffer, const struct buffer_line *line, struct str *out);

/* The same for what was done to a message. */
void linemode_json_event(const struct buffer *buffer, const struct line_event *event,
                         struct str *out);

#endif
