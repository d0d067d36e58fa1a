/* /open: the links of a buffer. */
#include "client/model/command_inner.h"

#include "client/model/link.h"
#include "client/model/pick.h"

#include <stdlib.h>

enum {
    LISTED_MAX = 30, /* newest first; older ones are reached by picking */
};

/* A link of somebody's line, borrowed. */
struct found {
    const struct buffer_line *line;
    struct link_span span;
};

/* The links of a line, the last one first, as far as there is room; returns how many there are then. */
static size_t add_links(const struct buffer_line *line, struct found found[], size_t count)
{
    size_t first = count;
    struct link_span span;
    for (size_t at = 0; count < LISTED_MAX && link_next(line->text, at, &span); at = span.to)
        found[count++] = (struct found){line, span};
    for (size_t low = first, high = count; low + 1 < high; low++, high--) {
        struct found swapped = found[low];
        found[low] = found[high - 1];
        found[high - 1] = swapped;
    }
    return count;
}

static size_t find_links(const struct buffer *buffer, struct found found[])
{
    size_t count = 0;
    for (size_t i = buffer_line_count(buffer); i-- > 0 && count < LISTED_MAX;)
        if (line_is_talk(buffer_line_at(buffer, i)))
            count = add_links(buffer_line_at(buffer, i), found, count);
    return count;
}

/* The oldest first, so that the newest stands next to the line being typed. */
static void list(struct call *call, const struct found found[], size_t count)
{
    struct buffer *buffer = call->model->current;
    struct str words;
    str_init(&words, LINE_TEXT_MAX_BYTES);
    for (size_t i = count; i-- > 0;) {
        const struct found *link = &found[i];
        str_addf(&words, "%s%zu  %.*s  (%s)", words.len > 0 ? "\n" : "", i + 1,
                 (int)(link->span.to - link->span.from), link->line->text + link->span.from,
                 link->line->nick);
    }
    model_note(call->model, buffer, call->now_ms, "%s", words.data);
    model_hint(call->model, "/open N opens one");
    str_release(&words);
}

static void refuse_number(struct model *model, size_t count)
{
    if (count == 1)
        model_hint(model, "there is one link here: /open 1 opens it");
    else
        model_hint(model, "there are links 1 to %zu: /open shows them", count);
}

/* "/open", "/open 1": the newest link is the first */
bool command_open(struct call *call)
{
    struct found found[LISTED_MAX];
    size_t count = find_links(call->model->current, found);
    if (count == 0) {
        model_hint(call->model, "no link has been said here");
        return false;
    }
    if (!call->args[0]) {
        list(call, found, count);
        return true;
    }
    char *end;
    unsigned long number = strtoul(call->args[0], &end, 10);
    if (*end || number < 1 || number > count) {
        refuse_number(call->model, count);
        return false;
    }
    const struct found *link = &found[number - 1];
    pick_open(call->model, link->line->text + link->span.from, link->span.to - link->span.from);
    return true;
}
