#include "client/model/news.h"

#include "common/alloc.h"

#include <stdlib.h>

/* An own line that is not acknowledged. */
struct waiting {
    uint64_t line;
    uint32_t buffer;
    int64_t since_ms;
    bool told; /* that it waits */
};

void news_init(struct news *news)
{
    *news = (struct news){0};
    ring_init(&news->waiting, sizeof(struct waiting), NEWS_MAX_WAITING);
}

void news_release(struct news *news)
{
    ring_release(&news->waiting);
}

struct news news_copy(const struct news *news)
{
    struct news copy;
    news_init(&copy);
    copy.seen = news->seen;
    for (size_t i = 0; i < news->waiting.len; i++)
        ring_push(&copy.waiting, ring_at(&news->waiting, i), NULL);
    return copy;
}

static int compare(const void *a, const void *b)
{
    const struct news_item *left = a, *right = b;
    if (left->line->time_ms != right->line->time_ms)
        return left->line->time_ms < right->line->time_ms ? -1 : 1;
    return left->line->id < right->line->id ? -1 : 1;
}

/* Puts the lines of a buffer that were not looked at yet behind the others; NULL: only counts them.
 * Those that were put between others may stand anywhere. */
static size_t collect(const struct news *news, const struct buffer *buffer, struct news_item *items)
{
    size_t count = 0;
    bool anywhere = buffer->inserted > news->seen;
    for (size_t i = buffer_line_count(buffer); i-- > 0;) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        if (line->id > news->seen) {
            if (items)
                items[count] = (struct news_item){buffer, line};
            count++;
        } else if (!anywhere && !line->own) {
            break; /* an own line may stand below newer ones: it was the last while it was pending */
        }
    }
    return count;
}

static bool begins_to_wait(struct news *news, const struct news_item *item, int64_t now_ms)
{
    const struct waiting waiting = {item->line->id, item->buffer->id, now_ms, false};
    if (item->line->state != LINE_PENDING || ring_full(&news->waiting))
        return false;
    ring_push(&news->waiting, &waiting, NULL);
    return true;
}

/* Whether it waits on; *item becomes what is to be told of it, if anything. */
static bool follow(const struct model *model, struct waiting *waiting, int64_t now_ms,
                   struct news_item *item)
{
    const struct buffer *buffer = model_find_id(model, waiting->buffer);
    ptrdiff_t at = buffer ? buffer_line_index(buffer, waiting->line) : -1;
    if (at < 0)
        return false;
    const struct buffer_line *line = buffer_line_at(buffer, (size_t)at);
    bool pending = line->state == LINE_PENDING;
    bool due = now_ms - waiting->since_ms >= NEWS_WAIT_MS || model->connection != CONNECTION_ONLINE;
    if (!pending || (due && !waiting->told))
        *item = (struct news_item){buffer, line};
    waiting->told = waiting->told || due;
    return pending;
}

static size_t follow_all(struct news *news, const struct model *model, int64_t now_ms,
                         struct news_item *items)
{
    size_t count = 0;
    for (size_t n = news->waiting.len; n > 0; n--) {
        struct waiting waiting;
        struct news_item item = {0};
        ring_pop_front(&news->waiting, &waiting);
        if (follow(model, &waiting, now_ms, &item))
            ring_push(&news->waiting, &waiting, NULL);
        if (item.line)
            items[count++] = item;
    }
    return count;
}

size_t news_take(struct news *news, const struct model *model, int64_t now_ms,
                 struct news_item **items)
{
    size_t n_fresh = 0, n_waiting = news->waiting.len;
    bool any = model->last_line_id != news->seen;
    for (size_t i = 0; i < model->buffer_count && any; i++)
        n_fresh += collect(news, model->buffers[i], NULL);
    *items = xcalloc(n_fresh + n_waiting + 1, sizeof(**items));
    size_t count = follow_all(news, model, now_ms, *items);
    struct news_item *fresh = *items + count;
    size_t n = 0;
    for (size_t i = 0; i < model->buffer_count && any; i++)
        n += collect(news, model->buffers[i], fresh + n);
    qsort(fresh, n, sizeof(*fresh), compare);
    for (size_t i = 0; i < n; i++)
        if (!begins_to_wait(news, &fresh[i], now_ms))
            (*items)[count++] = fresh[i];
    news->seen = model->last_line_id;
    return count;
}

int64_t news_next_ms(const struct news *news, int64_t now_ms)
{
    for (size_t i = 0; i < news->waiting.len; i++) {
        const struct waiting *waiting = ring_at(&news->waiting, i);
        int64_t due_ms = waiting->since_ms + NEWS_WAIT_MS;
        if (!waiting->told)
            return due_ms > now_ms ? due_ms : now_ms + 1;
    }
    return 0;
}
