#include "client/model/found.h"

#include "client/model/find.h"

#include <string.h>
#include <time.h>

/* Nobody can be called so. */
#define NAME "/search"

enum { DAY_BYTES = 32 };

struct buffer *found_buffer(const struct model *model)
{
    struct buffer *buffer = model_find(model, NAME);
    return buffer && buffer->kind == BUFFER_FOUND ? buffer : NULL;
}

void found_clear(struct model *model)
{
    struct buffer *buffer = found_buffer(model);
    if (buffer)
        buffer_clear(buffer);
}

static void write_day(int64_t time_ms, char day[DAY_BYTES])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm local;
    day[0] = '\0';
    if (localtime_r(&seconds, &local))
        strftime(day, DAY_BYTES, "%Y-%m-%d", &local);
}

static bool same_day(int64_t a_ms, int64_t b_ms)
{
    char a[DAY_BYTES], b[DAY_BYTES];
    write_day(a_ms, a);
    write_day(b_ms, b);
    return strcmp(a, b) == 0;
}

/* The line says the time only. */
static uint64_t add_day(struct model *model, struct buffer *buffer, uint64_t behind,
                        int64_t time_ms)
{
    ptrdiff_t above = buffer_line_index(buffer, behind);
    if (behind && above >= 0 && same_day(buffer_line_at(buffer, (size_t)above)->time_ms, time_ms))
        return behind;
    char day[DAY_BYTES];
    write_day(time_ms, day);
    struct heard heard = {.kind = LINE_NOTE, .text = day, .time_ms = time_ms, .past = true};
    return traffic_insert(model, buffer, behind, &heard);
}

uint64_t found_add(struct model *model, uint32_t searched, uint64_t behind,
                   const struct heard *heard)
{
    const struct buffer *at_hand = model_find_id(model, searched);
    if (at_hand && buffer_find_msgid(at_hand, heard->msgid))
        return 0;
    struct buffer *buffer = traffic_buffer(model, BUFFER_FOUND, NAME);
    if (buffer->kind != BUFFER_FOUND || buffer_find_msgid(buffer, heard->msgid))
        return 0;
    behind = add_day(model, buffer, behind, heard->time_ms);
    return traffic_insert(model, buffer, behind, heard);
}

void found_answered(struct model *model, size_t count, bool more)
{
    struct find *find = model->find;
    if (!find || !find->asked)
        return;
    model->changes.by_traffic++;
    find->asked = false;
    find->more = more;
    find->found += count;
    if (count > 0)
        model_hint(model, "the server found %zu older: " FIND_KEYS, count);
    else if (find->line == 0)
        model_hint(model, "nobody said %.60s here", find->words);
    else
        model_hint(model, FIND_KEYS "; the server has no older ones");
}
