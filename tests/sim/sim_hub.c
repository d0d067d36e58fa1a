/* A seeded random run of the hub: sim_hub [SEED [STEPS]]. Prints what it did, and
 * stops in an assertion that names the broken invariant. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/sim/world.h"

static unsigned pick(void *ctx, unsigned below)
{
    uint64_t *state = ctx;
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((*state >> 33) % below);
}

static void run(uint64_t seed, unsigned long steps)
{
    uint64_t state = seed;
    struct world *world = world_new(seed, (struct chance){.ctx = &state, .pick = pick});
    for (unsigned long i = 0; i < steps; i++) {
        world_step(world);
        if (i % 10000 == 9999)
            world_settle(world);
    }
    world_settle(world);
    struct world_counts counts = world_counts(world);
    printf("seed %llu: %lu steps, %lu entries, %lu refused, %lu deliveries, %lu joined, "
           "%lu redacted\n",
           (unsigned long long)seed, steps, counts.tailed, counts.failed, counts.delivered,
           counts.further, counts.redacted);
    /* A run in which nothing happened would prove nothing. */
    assert(steps < 10000 || (counts.tailed > 0 && counts.failed > 0 && counts.delivered > 0 &&
                             counts.further > 0 && counts.redacted > 0));
    world_free(world);
}

int main(int argc, char **argv)
{
    uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
    unsigned long steps = argc > 2 ? strtoul(argv[2], NULL, 10) : 100000;
    if (seed != 0) {
        run(seed, steps);
        return 0;
    }
    for (seed = 1; seed <= 10; seed++)
        run(seed, steps);
    return 0;
}
