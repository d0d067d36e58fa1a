/* A log that tests can hold up and let fail, in front of another. */
#ifndef SNUG_TESTS_SCRIPT_SLOW_STORE_H
#define SNUG_TESTS_SCRIPT_SLOW_STORE_H

#include <stdbool.h>

#include "server/store/store.h"

struct engine;

/* Passes everything on at first. The listener is copied. The engine is borrowed and outlives the store;
 * NULL: the store has one of its own, in memory. */
struct store *slow_store_new(const struct store_listener *listener, struct engine *engine);

/* From now on entries wait. */
void slow_store_hold(struct store *store);

/* What waits is written now; nothing waits any more. */
void slow_store_release(struct store *store);

/* What waits cannot be written at the next poll, but at the one after it. */
void slow_store_fail(struct store *store);

/* Tells the listener that the log takes entries, or none. */
void slow_store_set_up(struct store *store, bool up);

#endif
