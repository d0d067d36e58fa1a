/* Where the seeds of ids and hash tables come from. */
#ifndef SNUG_SERVER_RUN_SEED_H
#define SNUG_SERVER_RUN_SEED_H

#include <stdint.h>

/* Returns a random number of the system's. Without one nobody should be let in: then the program ends,
 * with one line on stderr. */
uint64_t seed_random(void);

#endif
