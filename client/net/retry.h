/*
 * When to try again after a lost connection: at once, then after 1, 2, 4 ... 30 s, give or take a
 * quarter so that many clients do not come back in the same moment.
 *
 * Pure: knows no clock and no loop; randomness is an argument.
 */
#ifndef SNUG_CLIENT_NET_RETRY_H
#define SNUG_CLIENT_NET_RETRY_H

#include <stdint.h>

#define RETRY_MAX_MS 30000
#define RETRY_SLOWEST 6u /* the number of the first try that waits that long */

/*
 * Returns how many ms to wait before try number `tries` (0: the first one after a loss). `random` is
 * any number; the same one gives the same delay. Never more than RETRY_MAX_MS and a quarter.
 */
uint64_t retry_delay_ms(unsigned tries, uint64_t random);

#endif
