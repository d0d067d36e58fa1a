/* Memory given back: what a burst has left free is the system's again soon after. */
#ifndef SNUG_SERVER_RUN_TRIM_H
#define SNUG_SERVER_RUN_TRIM_H

#include <stddef.h>

struct trim {
    unsigned ticks;  /* since it was looked whether there is any */
    size_t resident; /* bytes, when it was */
    size_t in_use;   /* most since */
};

/* Lets the allocator keep what is free, for trim_tick() to see to. */
void trim_init(struct trim *trim);

/* Gives back what is worth it; about once a second. */
void trim_tick(struct trim *trim);

#endif
