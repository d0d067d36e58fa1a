#include "client/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t which)
{
    struct timespec now;
    clock_gettime(which, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* CLOCK_BOOTTIME goes on while the machine sleeps, which CLOCK_MONOTONIC does not. */
void clock_init(struct clock *clock)
{
    clock->boot_was_ms = read_ms(CLOCK_REALTIME) - read_ms(CLOCK_BOOTTIME);
}

int64_t clock_now_ms(const struct clock *clock)
{
    return clock->boot_was_ms + read_ms(CLOCK_BOOTTIME);
}
