/* What the files of the world share; not for others. */
#ifndef SNUG_TESTS_SIM_WORLD_INTERNAL_H
#define SNUG_TESTS_SIM_WORLD_INTERNAL_H

#include "server/core/hub.h"
#include "tests/sim/world.h"

enum {
    SESSIONS = 12,
    ROOMS = 7, /* names of them */
    QUEUE = 4096,
    REMEMBERED = 64,
    LOGS = 2048, /* rooms are renamed so rarely that no run has more logs */
};

/* What the world believes of one connection. */
struct person {
    uint64_t id;      /* SESSION_NONE: nobody there */
    uint64_t session; /* whose connection it is, once it has entered */
    bool named;
    bool entered;
    bool seated[LOGS];
    unsigned got; /* deliveries of the entry at hand */
    char told_id[EVENT_ID_MAX];
};

struct world {
    struct hub *hub;
    struct chance chance;
    struct outbox box;
    struct person people[SESSIONS];
    uint64_t generation;
    int64_t now_ms;
    bool store_up;
    struct event *queue[QUEUE];
    size_t queued;
    struct event *said[REMEMBERED]; /* speech that came out of the tail lately */
    size_t said_count;
    char *logs[LOGS]; /* of rooms, as they came up */
    size_t log_count;
    enum command_type stepping;
    unsigned echoes; /* NOTE_SPOKEN in this step */
    unsigned joined; /* NOTE_JOINED in it */
    struct world_counts counts;
};

static inline unsigned pick(struct world *world, unsigned below)
{
    return world->chance.pick(world->chance.ctx, below);
}

/* Steps the hub, takes its effects and checks its invariants. */
void world_do(struct world *world, const struct command *command);

/* people.c: somebody comes, or does something. */
void world_connect(struct world *world, struct person *person);
void world_act(struct world *world, const struct person *person);

#endif
