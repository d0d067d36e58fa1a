/* Where a room is found that is called otherwise now: whoever was away when it got another name asks for
 * the one that he knows. The name before the last one leads to it, and so does its first one, for 30 days
 * from the last change; a room that is called so itself goes before that. So nobody keeps more than two
 * names away from others. */
#ifndef SNUG_SERVER_CORE_RULES_FORWARDING_H
#define SNUG_SERVER_CORE_RULES_FORWARDING_H

#include "server/core/internal.h"

/* The room was called so up to that time; replaces the name before. Copies it. */
void forwarding_set(struct hub *hub, struct room *room, const char *name, int64_t time_ms);

/* Nothing leads to the room any more. */
void forwarding_drop(struct hub *hub, struct room *room);

#endif
