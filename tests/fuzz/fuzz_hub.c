/* The hub under a fuzzer: the bytes decide what the sessions and the store do next. */
#include <stddef.h>
#include <stdint.h>

#include "tests/sim/world.h"

struct bytes {
    const uint8_t *at;
    const uint8_t *end;
};

static unsigned pick(void *ctx, unsigned below)
{
    struct bytes *bytes = ctx;
    if (bytes->at == bytes->end)
        return 0;
    return *bytes->at++ % below;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bytes bytes = {.at = data, .end = data + size};
    struct world *world = world_new(1, (struct chance){.ctx = &bytes, .pick = pick});
    while (bytes.at < bytes.end)
        world_step(world);
    world_settle(world);
    world_free(world);
    return 0;
}
