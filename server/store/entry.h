/* An event that a store keeps: one block that owns its strings. */
#ifndef SNUG_SERVER_STORE_ENTRY_H
#define SNUG_SERVER_STORE_ENTRY_H

#include "common/list.h"
#include "server/core/types.h"

struct str;

struct entry {
    struct event event;  /* its strings lie behind the struct */
    struct list in_line; /* for the owner: among all entries */
    struct list in_log;  /* for the owner: among those of its log */
    size_t bytes;        /* of the whole block */
};

/* A copy of an event, in no list; to be freed with free(). */
struct entry *entry_new(const struct event *event);

/* Whether a store may refuse the event: what people say, not what they are. */
bool entry_refusable(const struct event *event);

/* Sets the key under which the speaker's client will not say the same again; false if the event has
 * none (or an absurdly long one). */
bool entry_client_key(const struct event *event, struct str *key);

/* Whether the event is too old for its client's id to count. */
bool entry_is_outdated(const struct event *event, int64_t now_ms);

/* Whether two spellings are one name. */
bool entry_same_name(const char *a, const char *b);

/* Whether the log is a conversation of this folded nick, or, without one, a room's. */
bool entry_log_is_of(const char *log, const char *nick);

#endif
