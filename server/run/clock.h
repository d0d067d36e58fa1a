/* The time of day. What it is needed for is told it; only the wiring asks. */
#ifndef SNUG_SERVER_RUN_CLOCK_H
#define SNUG_SERVER_RUN_CLOCK_H

#include <stdint.h>

/* Milliseconds since 1970, which may run backwards. */
int64_t clock_ms(void);

#endif
