/* An event that a store keeps: one block that owns its strings. */
#ifndef SNUG_SERVER_STORE_ENTRY_H
#define SNUG_SERVER_STORE_ENTRY_H

#include "common/list.h"
#include "server/core/types.h"

struct entry {
    struct event event;  /* its strings lie behind the struct */
    struct list in_line; /* for the owner: among all entries */
    struct list in_log;  /* for the owner: among those of its log */
    size_t bytes;        /* of the whole block */
};

/* A copy of an event, in no list; to be freed with free(). */
struct entry *entry_new(const struct event *event);

#endif
