#include "server/store/span.h"

static const struct range nothing = {.first = 1, .last = 0};

struct bounds bounds_open_from(enum store_span span)
{
    bool end = span == STORE_BEFORE || span == STORE_AROUND;
    return end ? bounds_open_to() : (struct bounds){.after = 0, .before = 0};
}

struct bounds bounds_open_to(void)
{
    return (struct bounds){.after = POSITION_MAX, .before = POSITION_MAX};
}

static uint64_t ahead_of(uint64_t position)
{
    return position > 0 ? position - 1 : 0;
}

static struct range between(struct bounds from, struct bounds to, size_t limit)
{
    bool forwards = from.before <= to.before;
    uint64_t low = forwards ? from.after : to.after;
    uint64_t high = forwards ? to.before : from.before;
    return (struct range){low + 1, ahead_of(high), limit, !forwards};
}

void span_ranges(const struct store_query *query, struct bounds from, struct bounds to,
                 struct range ranges[2])
{
    size_t limit = query->limit;
    ranges[1] = nothing;
    switch (query->span) {
    case STORE_LATEST:
        ranges[0] = (struct range){from.after + 1, POSITION_MAX, limit, true};
        break;
    case STORE_BEFORE:
        ranges[0] = (struct range){1, ahead_of(from.before), limit, true};
        break;
    case STORE_AFTER:
        ranges[0] = (struct range){from.after + 1, POSITION_MAX, limit, false};
        break;
    case STORE_AROUND:
        ranges[0] = (struct range){1, ahead_of(from.before), limit / 2, true};
        ranges[1] = (struct range){from.before, POSITION_MAX, limit - limit / 2, false};
        break;
    case STORE_BETWEEN:
        ranges[0] = between(from, to, limit);
        break;
    }
}
