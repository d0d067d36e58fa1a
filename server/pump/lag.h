/* Slow readers: what a connection has missed, and is shown from the log. */
#ifndef SNUG_SERVER_PUMP_LAG_H
#define SNUG_SERVER_PUMP_LAG_H

#include "server/pump/internal.h"

/* An event for a connection that lags, or has as much pending as it may; true if it is not to be queued. */
bool pump_lag_divert(struct pump *pump, struct slot *slot, const struct event *event);

/* A note for one that may lag; true if it is told later. */
bool pump_lag_note(struct pump *pump, struct slot *slot, const struct note *note,
                   const struct event *event);

/* Whether notes wait for what was missed before them. */
bool pump_lag_has_notes(const struct slot *slot);

/* Some of what was pending has been sent. */
void pump_lag_sent(struct pump *pump, struct slot *slot);

/* The answer to an ASK_LAG. */
void pump_lag_page(struct pump *pump, uint64_t session, enum store_result result,
                   const struct event *events, size_t count);

/* Goes on with those who have read enough of what they were sent. */
void pump_lag_turn(struct pump *pump);

/* Time has passed: the log is tried again, and what is read of it and not taken is forgotten. */
void pump_lag_tick(struct pump *pump, struct slot *slot);

/* Forgets what it has missed. */
void pump_lag_drop(struct slot *slot);

#endif
