#include "client/model/history.h"

#include "common/alloc.h"
#include "common/ring.h"
#include "common/str.h"

#include <stdlib.h>
#include <string.h>

struct history {
    struct ring entries; /* char *, oldest first */
    size_t bytes;
    uint64_t count; /* of entries ever added */
    size_t back;    /* the walk: 0 is the draft, 1 the newest entry */
    char *draft;    /* while back > 0 */
};

struct history *history_new(void)
{
    struct history *history = xcalloc(1, sizeof(*history));
    ring_init(&history->entries, sizeof(char *), HISTORY_MAX);
    return history;
}

static void history_forget_oldest(struct history *history)
{
    char *oldest;
    if (!ring_pop_front(&history->entries, &oldest))
        return;
    history->bytes -= strlen(oldest);
    free(oldest);
}

void history_free(struct history *history)
{
    if (!history)
        return;
    while (history->entries.len > 0)
        history_forget_oldest(history);
    ring_release(&history->entries);
    free(history->draft);
    free(history);
}

const char *history_at(const struct history *history, size_t back)
{
    size_t count = history->entries.len;
    if (back >= count)
        return NULL;
    return *(char **)ring_at(&history->entries, count - 1 - back);
}

void history_add(struct history *history, const char *text, size_t len)
{
    history->back = 0;
    free(history->draft);
    history->draft = NULL;
    const char *newest = history_at(history, 0);
    if (newest && strlen(newest) == len && memcmp(newest, text, len) == 0)
        return;
    if (ring_full(&history->entries))
        history_forget_oldest(history);
    char *copy = xmemdup0(text, len);
    ring_push(&history->entries, &copy, NULL);
    history->bytes += len;
    history->count++;
    while (history->bytes > HISTORY_MAX_BYTES && history->entries.len > 1)
        history_forget_oldest(history);
}

uint64_t history_count(const struct history *history)
{
    return history->count;
}

const char *history_up(struct history *history, const char *draft)
{
    const char *older = history_at(history, history->back);
    if (!older)
        return NULL;
    if (history->back == 0) {
        free(history->draft);
        history->draft = xstrdup(draft);
    }
    history->back++;
    return older;
}

const char *history_down(struct history *history)
{
    if (history->back == 0)
        return NULL;
    history->back--;
    /* The draft is kept for the caller: it goes when the next walk begins. */
    return history->back > 0 ? history_at(history, history->back - 1) : history->draft;
}
