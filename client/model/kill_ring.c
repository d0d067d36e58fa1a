#include "client/model/kill_ring.h"

#include "common/alloc.h"
#include "common/ring.h"
#include "common/str.h"

#include <stdlib.h>

enum {
    KILL_MAX_BYTES = 65536, /* of one text; further bytes are not added to it */
};

struct kill_ring {
    struct ring texts; /* struct str */
};

struct kill_ring *kill_ring_new(void)
{
    struct kill_ring *kill_ring = xmalloc(sizeof(*kill_ring));
    ring_init(&kill_ring->texts, sizeof(struct str), KILL_RING_MAX);
    return kill_ring;
}

void kill_ring_free(struct kill_ring *kill_ring)
{
    struct str text;
    while (ring_pop_front(&kill_ring->texts, &text))
        str_release(&text);
    ring_release(&kill_ring->texts);
    free(kill_ring);
}

static void kill_ring_push(struct kill_ring *kill_ring, const char *text, size_t len)
{
    struct str fresh, evicted;
    str_init(&fresh, KILL_MAX_BYTES);
    str_add(&fresh, text, len);
    if (ring_push(&kill_ring->texts, &fresh, &evicted))
        str_release(&evicted);
}

void kill_ring_add(struct kill_ring *kill_ring, enum kill_how how, const char *text, size_t len)
{
    if (len == 0)
        return;
    if (how == KILL_NEW || kill_ring->texts.len == 0) {
        kill_ring_push(kill_ring, text, len);
        return;
    }
    struct str *newest = ring_at(&kill_ring->texts, kill_ring->texts.len - 1);
    bool added = str_insert(newest, how == KILL_PREPEND ? 0 : newest->len, text, len);
    if (!added)
        kill_ring_push(kill_ring, text, len);
}

const char *kill_ring_at(const struct kill_ring *kill_ring, size_t back, size_t *len)
{
    size_t count = kill_ring->texts.len;
    if (count == 0)
        return NULL;
    const struct str *text = ring_at(&kill_ring->texts, count - 1 - back % count);
    *len = text->len;
    return text->data;
}
