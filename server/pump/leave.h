/* How a session ends: it leaves the hub, is told farewell when the turn ends, and only then is closed. */
#ifndef SNUG_SERVER_PUMP_LEAVE_H
#define SNUG_SERVER_PUMP_LEAVE_H

#include "server/pump/internal.h"

/* No event and no line any more, and a farewell in due time. The reason may be NULL. */
void pump_mark_leaving(struct pump *pump, struct slot *slot, const char *reason);

/* Makes the session leave, with this reason for others to see. */
void pump_leave(struct pump *pump, struct slot *slot, const char *reason);

/* The same for one who would rather stay: the owner is told why. */
void pump_leave_cut(struct pump *pump, struct slot *slot, const char *why);

/* Cuts off those who cannot be told all they should be: see struct slot's `cut`. */
void pump_leave_behind(struct pump *pump);

/* Says farewell to all that are leaving, and closes their doors' records. */
void pump_leave_reap(struct pump *pump);

#endif
