#include "client/model/kills.h"

#include "common/alloc.h"
#include "common/ring.h"
#include "common/str.h"

#include <stdlib.h>
#include <string.h>

enum {
    KILL_MAX_BYTES = 65536, /* of one text; further bytes are not added to it */
};

struct kills {
    struct ring texts; /* struct str */
};

struct kills *kills_new(void)
{
    struct kills *kills = xmalloc(sizeof(*kills));
    ring_init(&kills->texts, sizeof(struct str), KILLS_MAX);
    return kills;
}

void kills_free(struct kills *kills)
{
    struct str text;
    while (ring_pop_front(&kills->texts, &text))
        str_release(&text);
    ring_release(&kills->texts);
    free(kills);
}

static void kills_push(struct kills *kills, const char *text, size_t len)
{
    struct str fresh, evicted;
    str_init(&fresh, KILL_MAX_BYTES);
    str_add(&fresh, text, len);
    if (ring_push(&kills->texts, &fresh, &evicted))
        str_release(&evicted);
}

void kills_add(struct kills *kills, enum kill_how how, const char *text, size_t len)
{
    if (len == 0)
        return;
    if (how == KILL_NEW || kills->texts.len == 0) {
        kills_push(kills, text, len);
        return;
    }
    struct str *newest = ring_at(&kills->texts, kills->texts.len - 1);
    bool added = str_insert(newest, how == KILL_PREPEND ? 0 : newest->len, text, len);
    if (!added)
        kills_push(kills, text, len);
}

const char *kills_at(const struct kills *kills, size_t back, size_t *len)
{
    size_t count = kills->texts.len;
    if (count == 0)
        return NULL;
    const struct str *text = ring_at(&kills->texts, count - 1 - back % count);
    *len = text->len;
    return text->data;
}
