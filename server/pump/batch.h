/* What is said in rooms, and given to each connection in one piece: see batch.c. */
#ifndef SNUG_SERVER_PUMP_BATCH_H
#define SNUG_SERVER_PUMP_BATCH_H

#include "server/pump/internal.h"

/* Whether a connection was not given all of the batch. */
static inline bool pump_is_owed(const struct pump *pump, const struct slot *slot)
{
    return slot->owed >= pump->batch.first && slot->owed < pump->batch.end;
}

/* What its group is shown of the batch. */
static inline const struct part *pump_part_of(const struct slot *slot)
{
    return &slot->forms->parts[slot->group];
}

/* Gives a connection what it is owed. */
void pump_batch_give(struct pump *pump, struct slot *slot);

/* The same, before anything else is queued for it. */
static inline void pump_catch_up(struct pump *pump, struct slot *slot)
{
    if (pump_is_owed(pump, slot))
        pump_batch_give(pump, slot);
}

/* It gets what follows event by event. */
void pump_batch_leave(struct pump *pump, struct slot *slot);

/* Delivers to a roster. */
void pump_batch_add(struct pump *pump, const struct effect *effect);

/* Gives all what they are owed. */
void pump_batch_close(struct pump *pump);

/* Frees what it holds of each door, at the end of the pump. */
void pump_batch_release(struct pump *pump);

#endif
