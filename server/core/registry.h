/* The connections of a hub by their ids.
 *
 * A table of pointers with linear probing, at most three quarters full. The server gives the ids and
 * nobody can choose them, so one multiplication is hash enough; each is looked up some fifty times between
 * somebody's coming and going. The connections are borrowed. */
#ifndef SNUG_SERVER_CORE_REGISTRY_H
#define SNUG_SERVER_CORE_REGISTRY_H

#include <stddef.h>
#include <stdint.h>

#include "common/table.h"

struct connection;

struct registry {
    struct connection **slots;
    size_t n_slots; /* a power of two, or 0 */
    size_t len;
};

/* Gives back the memory of a zeroed or used registry; it is empty afterwards. */
void registry_release(struct registry *registry);

/* NULL for a stale id. */
struct connection *registry_get(const struct registry *registry, uint64_t id);

/* Adds a connection whose id is not there yet. */
void registry_put(struct registry *registry, struct connection *connection);

/* Takes an id out, if it is there. */
void registry_remove(struct registry *registry, uint64_t id);

/* The next of a walk, as table_next(): the one just returned may be removed. */
struct connection *registry_next(const struct registry *registry, struct table_walk *walk);

#endif
