/* What strangers can cause any number of times, in few lines of the log.
 *
 * The first of a kind from one address is written at once; those that follow within a minute are
 * counted, and the end of the minute says how many they were. When too many different ones come, the
 * rest is one number a minute. So an attack is seen when it begins, and cannot fill the disk. */
#ifndef SNUG_SERVER_RUN_LOG_LIMIT_H
#define SNUG_SERVER_RUN_LOG_LIMIT_H

#include <stdint.h>

struct log;
struct log_limit;

enum {
    LOG_LIMIT_PERIOD_MS = 60 * 1000,
    LOG_LIMIT_BURST = 30,          /* different ones that are written at once ... */
    LOG_LIMIT_REFILL_MS = 2000,    /* ... and one more in this time */
    LOG_LIMIT_ACCOUNT_BURST = 300, /* the same of accounts: an office logs in after a restart */
    LOG_LIMIT_MAX_HOST_BYTES = 80,
};

enum log_limit_kind {
    LOG_LIMIT_TURNED_AWAY,  /* it did not come in */
    LOG_LIMIT_DISCONNECTED, /* it was thrown out */
    LOG_LIMIT_NOTICED,      /* it goes on, and what it does is no use to anybody */
};

/* Nothing has happened. The log is borrowed; the seed is of a hash table. */
struct log_limit *log_limit_new(struct log *log, uint64_t seed);
void log_limit_free(struct log_limit *limit);

/* A connection from that address caused this; `why` is a few words without anything of the peer's. */
void log_limit_connection(struct log_limit *limit, int64_t now_ms, enum log_limit_kind kind,
                          const char *host, const char *why);

/* Somebody did this with an account, which is no trouble: a whole line, which counts apart from the others. */
void log_limit_account(struct log_limit *limit, int64_t now_ms, const char *line);

/* Writes the numbers that are due: about once a second. */
void log_limit_tick(struct log_limit *limit, int64_t now_ms);

#endif
