/* Which positions a query means, for any engine. */
#ifndef SNUG_SERVER_STORE_SPAN_H
#define SNUG_SERVER_STORE_SPAN_H

#include "server/store/store.h"

#define POSITION_MAX ((UINT64_C(1) << 40) - 1)

/* A place among the positions of a log: it lies behind `after` and before `before`, which are the
 * same if it is an entry. */
struct bounds {
    uint64_t after, before;
};

/* Positions from first to last, both included; empty if first > last. */
struct range {
    uint64_t first, last;
    size_t limit;
    bool newest; /* the newest of them if there are more; else the oldest */
};

/* The place of an open end, as `from` and as `to`. */
struct bounds bounds_open_from(enum store_span span);
struct bounds bounds_open_to(void);

/* Sets the ranges, one behind the other, that make up the query's answer. */
void span_ranges(const struct store_query *query, struct bounds from, struct bounds to,
                 struct range ranges[2]);

#endif
