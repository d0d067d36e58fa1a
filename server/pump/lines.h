/* What arrives: bytes become lines, and the doors are given them in turns that are fair to all
 * connections. */
#ifndef SNUG_SERVER_PUMP_LINES_H
#define SNUG_SERVER_PUMP_LINES_H

#include "server/pump/internal.h"

/* Whether what this turn did is to be sent, or written, before more is. */
bool pump_lines_enough(const struct pump *pump);

/* One go for every connection that has lines now, until the turn has enough to send. */
void pump_lines_step(struct pump *pump);

#endif
