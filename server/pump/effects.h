/* The hub's effects carried out, and the store's side of a turn. */
#ifndef SNUG_SERVER_PUMP_EFFECTS_H
#define SNUG_SERVER_PUMP_EFFECTS_H

#include "server/pump/internal.h"

/* Steps the hub and carries out the effects. */
void pump_step(struct pump *pump, const struct command *command);

/* Carries out a note or delivery. */
void pump_tell(struct pump *pump, const struct effect *effect);

/* Queues an event for one connection, or notes that it missed it. */
void pump_deliver_to(struct pump *pump, struct slot *slot, const struct event *event);

/* Formats an event for one class; an empty extent if the class is not shown it. */
void pump_make_form(struct pump *pump, struct forms *forms, unsigned class,
                    const struct event *event);

/* An event in the form of one class. */
static inline const struct extent *pump_form(struct pump *pump, struct forms *forms, unsigned class,
                                             const struct event *event)
{
    if (!(forms->made >> class & 1))
        pump_make_form(pump, forms, class, event);
    return &forms->extents[class];
}

/* Hands the store what was appended, and carries out what has come out of the tail. */
void pump_settle(struct pump *pump);

/* Forgets what the events of the last turn left in the writers, once it is sent. */
void pump_rewind(struct pump *pump);

/* Whether as much is on its way to the disk as may be: what comes next waits where it is, so that
 * nobody's line stands behind more than a few ms of others' in the queue before the disk. */
static inline bool pump_log_full(const struct pump *pump)
{
    return pump->log_bytes >= PUMP_LOG_BYTES && !pump->log_down;
}

#endif
