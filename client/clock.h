/* The time of day for a program that lives long: never goes back, whatever happens to the clock. */
#ifndef SNUG_CLIENT_CLOCK_H
#define SNUG_CLIENT_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t boot_was_ms; /* since 1970 */
};

/* Looks at the time of day, once. */
void clock_init(struct clock *clock);

/* Returns milliseconds since 1970, as the time of day was at clock_init and has passed since. */
int64_t clock_now_ms(const struct clock *clock);

#endif
