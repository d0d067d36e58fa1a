/* A world around the hub: sessions that come, speak and vanish, and a store that
 * completes late, or not at all. After each step it checks the hub's own
 * invariants and, against a model of its own, that every entry reached exactly
 * those who are in the room as delivered, once.
 *
 * It takes its decisions from a source of numbers, so that a seeded generator and
 * a fuzzer's bytes can drive the same world. */
#ifndef SNUG_TESTS_SIM_WORLD_H
#define SNUG_TESTS_SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

struct world;

/* Gives a number below `below`. */
struct chance {
    void *ctx;
    unsigned (*pick)(void *ctx, unsigned below);
};

struct world *world_new(uint64_t seed, struct chance chance);

/* One random step: a command of somebody, or completions of the store. */
void world_step(struct world *world);

/* Lets the store complete everything, and checks that decided and delivered have met. */
void world_settle(struct world *world);

/* How many entries came out of the tail, were refused by the store, and were delivered to somebody;
 * how many connections joined somebody who was here already; and how many messages were taken back. */
struct world_counts {
    unsigned long tailed;
    unsigned long failed;
    unsigned long delivered;
    unsigned long further;
    unsigned long redacted;
};
struct world_counts world_counts(const struct world *world);

void world_free(struct world *world);

#endif
