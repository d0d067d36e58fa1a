/* Growing delays with jitter. Knows no clock. */
#include "client/net/retry.h"

uint64_t retry_delay_ms(unsigned tries, uint64_t random)
{
    if (tries == 0)
        return 0;
    uint64_t delay_ms = tries >= RETRY_SLOWEST ? RETRY_MAX_MS : UINT64_C(1000) << (tries - 1);
    /* Anything from three quarters to five quarters of it. */
    return delay_ms - delay_ms / 4 + random % (delay_ms / 2 + 1);
}
