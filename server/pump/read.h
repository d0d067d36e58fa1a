/* The gate's readings, and what the store answers. */
#ifndef SNUG_SERVER_PUMP_READ_H
#define SNUG_SERVER_PUMP_READ_H

#include "server/pump/internal.h"

/* A page of entries, for an ASK_READ, an ASK_SEEK or an ASK_LAG. */
void pump_read_page(struct pump *pump, uint64_t token, enum store_result result,
                    const struct event *events, size_t count);

/* Logs in which something was said, for the other kinds. */
void pump_read_targets(struct pump *pump, uint64_t token, enum store_result result,
                       const struct store_target *targets, size_t count);

#endif
