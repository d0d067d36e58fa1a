/* Who failed to prove who he is, lately, and has to wait: by address and by account.
 *
 * The first failures are free, then every one costs time. Bounded: when too many are remembered the
 * one that failed longest ago is forgotten. Knows no account; keys are texts. */
#ifndef SNUG_SERVER_ACCOUNT_SLOW_H
#define SNUG_SERVER_ACCOUNT_SLOW_H

#include <stddef.h>
#include <stdint.h>

#include "common/list.h"
#include "common/table.h"

enum {
    SLOW_STEP_MS = 10 * 1000, /* what a failure costs */
    SLOW_FREE = 5,            /* failures before that is felt */
    SLOW_MAX = 4096,          /* remembered */
};

struct slow {
    struct table table;
    struct list order; /* the latest failure last */
};

void slow_init(struct slow *slow, uint64_t seed);
void slow_release(struct slow *slow);

/* How long this one has to wait before it may try again; 0: it may now. */
int64_t slow_wait_ms(const struct slow *slow, const char *key, int64_t now_ms);

/* It failed. */
void slow_fail(struct slow *slow, const char *key, int64_t now_ms);

#endif
