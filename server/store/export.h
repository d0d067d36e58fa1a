/* One entry as a line for export. */
#ifndef SNUG_SERVER_STORE_EXPORT_H
#define SNUG_SERVER_STORE_EXPORT_H

#include "common/str.h"
#include "server/core/types.h"

/* Appends "2026-11-20 09:41:00 <ada> hello" and a newline, in UTC; nothing in it acts on a terminal. */
void export_text(struct str *out, const struct event *event);

/* Appends a JSON object (RFC 8259) and a newline; what is absent is left out. */
void export_json(struct str *out, const struct event *event);

#endif
