#include "server/core/marks.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static struct mark *find(const struct marks *marks, const char *key)
{
    for (size_t i = 0; i < marks->count; i++) {
        if (strcmp(marks->items[i].key, key) == 0)
            return &marks->items[i];
    }
    return NULL;
}

static char *take_out(struct marks *marks, size_t at)
{
    char *key = marks->items[at].key;
    marks->count--;
    memmove(&marks->items[at], &marks->items[at + 1], (marks->count - at) * sizeof *marks->items);
    return key;
}

bool marks_set(struct marks *marks, const char *key, int64_t time_ms, size_t max, char **evicted)
{
    struct mark *mark = find(marks, key);
    *evicted = NULL;
    if (mark != NULL && mark->time_ms >= time_ms)
        return false;
    if (mark != NULL)
        free(take_out(marks, (size_t)(mark - marks->items)));
    else if (marks->count == max)
        *evicted = take_out(marks, 0);
    marks->items = xreallocarray(marks->items, marks->count + 1, sizeof *marks->items);
    marks->items[marks->count++] = (struct mark){.key = xstrdup(key), .time_ms = time_ms};
    return true;
}

int64_t marks_get(const struct marks *marks, const char *key)
{
    const struct mark *mark = find(marks, key);
    return mark != NULL ? mark->time_ms : 0;
}

void marks_release(struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++)
        free(marks->items[i].key);
    free(marks->items);
    *marks = (struct marks){0};
}
