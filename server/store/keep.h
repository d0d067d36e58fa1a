/* Which rule of retention holds for a log: that of its room by name, else the one for all.
 *
 * Made by one thread and handed to the one that writes; immutable. */
#ifndef SNUG_SERVER_STORE_KEEP_H
#define SNUG_SERVER_STORE_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "server/store/store.h"

struct keep;

/* A copy of the rules; of several for one room the last counts. */
struct keep *keep_new(const struct store_keep *rules, size_t count);

void keep_free(struct keep *keep);

/* The rule for the room of that name, in any spelling; NULL asks for conversations. Borrowed. */
const struct store_keep *keep_find(const struct keep *keep, const char *room);

/* Whether some rule may ever remove something. */
bool keep_limits(const struct keep *keep);

#endif
