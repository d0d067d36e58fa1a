/* Brings back, at the start, who owns which name: the store's facts become accounts, and their names
 * are the hub's to guard. */
#ifndef SNUG_SERVER_RUN_OWNERSHIP_H
#define SNUG_SERVER_RUN_OWNERSHIP_H

#include <stdbool.h>
#include <stddef.h>

struct accounts;
struct hub;
struct store;

/* Before the first step and the first append. `lost`: how many facts were no account. False if the store
 * cannot say all that it remembers. */
bool ownership_restore(struct store *store, struct accounts *accounts, struct hub *hub,
                       size_t *lost);

#endif
