/* Who did something too often lately, and has to wait: by address, by account, ...
 *
 * The first few are free, then every one costs time. Bounded: when too many are remembered the one
 * that did it longest ago is forgotten. Knows no account; keys are texts. */
#ifndef SNUG_SERVER_ACCOUNT_THROTTLE_H
#define SNUG_SERVER_ACCOUNT_THROTTLE_H

#include <stddef.h>
#include <stdint.h>

#include "common/list.h"
#include "common/table.h"

enum { THROTTLE_MAX = 4096 }; /* remembered */

struct throttle {
    struct table table;
    struct list order; /* the latest last */
    unsigned allowed;  /* before the cost is felt */
    int64_t step_ms;   /* what each costs */
};

void throttle_init(struct throttle *throttle, unsigned allowed, int64_t step_ms, uint64_t seed);
void throttle_release(struct throttle *throttle);

/* How long this one has to wait before it may try again; 0: it may now. */
int64_t throttle_wait_ms(const struct throttle *throttle, const char *key, int64_t now_ms);

/* It did it once more. */
void throttle_add(struct throttle *throttle, const char *key, int64_t now_ms);

#endif
