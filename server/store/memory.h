/* The insides of the engine in memory; for memory*.c only. */
#ifndef SNUG_SERVER_STORE_MEMORY_H
#define SNUG_SERVER_STORE_MEMORY_H

#include "common/str.h"
#include "common/table.h"
#include "server/store/engine.h"

/* What is kept of one log. */
struct log_record {
    struct list in_line; /* in memory.logs */
    struct list entries; /* oldest first, without gaps */
    size_t entry_count;
    struct table by_id;
    uint64_t position; /* of the newest event */
    int64_t time_ms;   /* of the newest event */
    int64_t spoken_ms; /* of the newest speech */
    char name[];
};

struct memory {
    struct engine engine;
    uint64_t seed;
    size_t max_events;
    struct list kept; /* all entries of all logs, oldest first */
    size_t kept_bytes;
    struct list logs; /* that were written to longest ago first */
    struct table by_name;
    struct table sent; /* by client's id: struct sent */
    struct table facts;
    struct table owners;
    struct str scratch;
};

/* That a log has a kept entry with this client's id. */
struct sent {
    struct entry *entry;
    size_t len;
    char key[];
};

/* A fact, or a name with its owner. */
struct fact {
    char *value;
    size_t len;
    char key[];
};

static inline struct memory *memory_of(struct engine *engine)
{
    return (struct memory *)engine;
}

static inline struct log_record *memory_find_log(const struct memory *memory, const char *name)
{
    return table_get(&memory->by_name, name, strlen(name));
}

/* Carries out JOB_PUT; it always succeeds. */
void memory_put(struct memory *memory, struct job *job);

/* Carries out JOB_CLAIM or JOB_RELEASE. */
void memory_claim(struct memory *memory, struct job *job);

bool memory_each_fact(struct engine *engine, const char *prefix,
                      void (*fn)(void *ctx, const char *key, const void *value, size_t len),
                      void *ctx);

void memory_free_facts(struct memory *memory);

/* Answers a reading. */
void memory_answer(struct engine *engine, struct job *job);

#endif
