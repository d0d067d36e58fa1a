/* Names that become somebody's. */
#ifndef SNUG_SERVER_PUMP_OWN_H
#define SNUG_SERVER_PUMP_OWN_H

#include "server/pump/internal.h"

/* The store says whose the name is. */
void pump_own_claimed(struct pump *pump, uint64_t token, enum store_result result);

#endif
