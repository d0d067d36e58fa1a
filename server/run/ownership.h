/* Brings back, at the start, who owns which name: the store's facts become accounts, and their names
 * are the hub's to guard. */
#ifndef SNUG_SERVER_RUN_OWNERSHIP_H
#define SNUG_SERVER_RUN_OWNERSHIP_H

#include <stddef.h>

struct accounts;
struct hub;
struct store;

/* Before the first step and the first append; returns how many facts were no account. */
size_t ownership_restore(struct store *store, struct accounts *accounts, struct hub *hub);

#endif
