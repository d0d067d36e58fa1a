/* How fast lines are taken. */
#ifndef SNUG_SERVER_PUMP_RATE_H
#define SNUG_SERVER_PUMP_RATE_H

#include "server/pump/internal.h"

/* A connection begins, from that host. */
void pump_rate_open(const struct pump *pump, struct slot *slot, const char *host);

/* Whether it may have its next line stepped now; if not, a tick makes it ready again. */
bool pump_rate_allows(struct pump *pump, struct slot *slot);

/* One line was stepped. */
void pump_rate_took(const struct pump *pump, struct slot *slot);

/* Lets it go on; false if it has sent too much for too long. */
bool pump_rate_tick(struct pump *pump, struct slot *slot);

#endif
