#include "server/run/trim.h"

#include <malloc.h>
#include <stdbool.h>
#include <uv.h>

enum {
    TRIM_BYTES = 512 * 1024, /* that are worth giving back */
    TRIM_PART = 8,           /* and at least such a part of what is in use */
    TRIM_TICKS = 3,          /* from one time to the next */
    TOP_BYTES = 1024 * 1024, /* that may lie free at the heap's end meanwhile */
};

void trim_init(struct trim *trim)
{
    *trim = (struct trim){0};
    /* Where people come and go, the allocator would shrink its heap at each 128 KB that are free, and
     * let it grow again page fault by page fault. */
    mallopt(M_TRIM_THRESHOLD, TOP_BYTES);
}

static size_t resident_bytes(void)
{
    size_t bytes = 0;
    return uv_resident_set_memory(&bytes) == 0 ? bytes : 0;
}

/* The allocator by itself gives back only what lies at the end of its heap. What was given back still
 * counts as free there, so that it is done again only when less is in use than there was, or more is
 * resident. */
void trim_tick(struct trim *trim)
{
    if (++trim->ticks < TRIM_TICKS)
        return;
    trim->ticks = 0;
    struct mallinfo2 memory = mallinfo2();
    bool grown = resident_bytes() > trim->resident + TRIM_BYTES;
    bool freed = memory.uordblks + TRIM_BYTES < trim->in_use;
    bool worth = memory.fordblks > TRIM_BYTES && memory.fordblks > memory.uordblks / TRIM_PART;
    if ((grown || freed) && worth)
        malloc_trim(0);
    else if (memory.uordblks <= trim->in_use)
        return;
    trim->resident = resident_bytes();
    trim->in_use = memory.uordblks;
}
