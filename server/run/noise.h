/* What strangers can cause any number of times, told to the log in few lines.
 *
 * The first of a kind from one address is written at once; those that follow within a minute are
 * counted, and the end of the minute says how many they were. When too many different ones come, the
 * rest is one number a minute. So an attack is seen when it begins, and cannot fill the disk. */
#ifndef SNUG_SERVER_RUN_NOISE_H
#define SNUG_SERVER_RUN_NOISE_H

#include <stdint.h>

struct log;
struct noise;

enum {
    NOISE_PERIOD_MS = 60 * 1000,
    NOISE_BURST = 30,       /* different ones that are written at once ... */
    NOISE_REFILL_MS = 2000, /* ... and one more in this time */
    NOISE_TALE_BURST = 300, /* the same of what is told: an office that logs in after a restart */
    NOISE_MAX_HOST_BYTES = 80,
};

enum noise_kind {
    NOISE_TURNED_AWAY,  /* it did not come in */
    NOISE_DISCONNECTED, /* it was thrown out */
    NOISE_NOTICED,      /* it goes on, and what it does is no use to anybody */
};

/* Nothing has happened. The log is borrowed; the seed is of a hash table. */
struct noise *noise_new(struct log *log, uint64_t seed);
void noise_free(struct noise *noise);

/* Somebody at that address caused this; `why` is a few words without anything of the peer's. */
void noise_add(struct noise *noise, int64_t now_ms, enum noise_kind kind, const char *host,
               const char *why);

/* Something that is no trouble happened: a line of its own, which counts apart from the others. */
void noise_tell(struct noise *noise, int64_t now_ms, const char *line);

/* Writes the numbers that are due: about once a second. */
void noise_tick(struct noise *noise, int64_t now_ms);

#endif
