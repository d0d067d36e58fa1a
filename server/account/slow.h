/* Who did something too often lately, and has to wait: by address, by account, ...
 *
 * The first few are free, then every one costs time. Bounded: when too many are remembered the one
 * that did it longest ago is forgotten. Knows no account; keys are texts. */
#ifndef SNUG_SERVER_ACCOUNT_SLOW_H
#define SNUG_SERVER_ACCOUNT_SLOW_H

#include <stddef.h>
#include <stdint.h>

#include "common/list.h"
#include "common/table.h"

enum { SLOW_MAX = 4096 }; /* remembered */

struct slow {
    struct table table;
    struct list order; /* the latest last */
    unsigned allowed;  /* before the cost is felt */
    int64_t step_ms;   /* what each costs */
};

void slow_init(struct slow *slow, unsigned allowed, int64_t step_ms, uint64_t seed);
void slow_release(struct slow *slow);

/* How long this one has to wait before it may try again; 0: it may now. */
int64_t slow_wait_ms(const struct slow *slow, const char *key, int64_t now_ms);

/* It did it once more. */
void slow_add(struct slow *slow, const char *key, int64_t now_ms);

#endif
