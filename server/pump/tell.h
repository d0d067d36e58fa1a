/* What is told only once the facts before it are on disk. */
#ifndef SNUG_SERVER_PUMP_TELL_H
#define SNUG_SERVER_PUMP_TELL_H

#include "server/pump/ask.h"

/* Takes a copy of the effect; `told` is what waits in this step, NULL at first. */
void pump_tell_later(struct outbox **told, const struct effect *effect);

/* The step of that session is over: takes ownership of what waits, which may be NULL. */
void pump_tell_settled(struct pump *pump, uint64_t session, struct outbox *told);

/* They are on disk, or cannot be. Frees the ask. */
void pump_tell_claimed(struct pump *pump, struct ask *ask, bool kept);

#endif
