/* Arrivals, and the row that is typed in. */
#include "client/view/linear.h"

#include "client/model/completion.h"
#include "client/model/editor.h"
#include "client/model/isearch.h"
#include "client/view/layout.h"
#include "client/view/view.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    LINE_MAX_BYTES = 8 * LINE_TEXT_MAX_BYTES,
    PROMPT_MAX_BYTES = 2048,
    ROW_MAX_BYTES = 65536,
};

void linear_init(struct linear *linear, const char *erase)
{
    *linear = (struct linear){.erase = erase, .cursor = -1};
    news_init(&linear->news);
    str_init(&linear->hint, LINE_MAX_BYTES);
    str_init(&linear->shown, ROW_MAX_BYTES);
}

void linear_release(struct linear *linear)
{
    news_release(&linear->news);
    str_release(&linear->hint);
    str_release(&linear->shown);
}

void linear_forget(struct linear *linear)
{
    str_reset(&linear->shown);
    linear->cursor = -1;
}

static int width_of(const char *text, size_t len)
{
    return (int)text_width(text, len);
}

/* Takes the row away, so that something can be printed in its place. */
static void clear_row(struct linear *linear, struct str *out)
{
    if (linear->cursor < 0)
        return;
    str_addc(out, '\r');
    if (linear->erase) {
        str_adds(out, linear->erase);
    } else {
        for (int i = width_of(linear->shown.data, linear->shown.len); i > 0; i--)
            str_addc(out, ' ');
        str_addc(out, '\r');
    }
    linear_forget(linear);
}

static void print(struct linear *linear, const char *text, struct str *out)
{
    clear_row(linear, out);
    text_harmless(out, text, strlen(text));
    str_adds(out, "\r\n");
}

/* When, and where if it is elsewhere. */
static void add_lead(const struct model *model, const struct buffer *buffer, int64_t time_ms,
                     struct str *text)
{
    struct tm tm;
    time_t seconds = (time_t)(time_ms / 1000);
    if (localtime_r(&seconds, &tm))
        str_addf(text, "%02d:%02d ", tm.tm_hour, tm.tm_min);
    if (buffer != model->current && buffer != model->buffers[0])
        str_addf(text, "[%s] ", buffer->name);
}

/* What a command lists, or the server: it has a row for each thing. What people say is one row, so that
 * nobody can make it look like several of others. */
static bool is_list(const struct buffer_line *line)
{
    return (line->kind == LINE_NOTE || line->kind == LINE_SERVER) && !line->nick[0] &&
           strchr(line->text, '\n');
}

/* Those behind the first are set in: nobody's line begins so. */
static void print_rows(struct linear *linear, char *rows, struct str *out)
{
    struct str row;
    str_init(&row, LINE_MAX_BYTES);
    for (char *rest = rows, *next; (next = strsep(&rest, "\n"));) {
        str_adds(&row, next > rows ? "  " : "");
        str_adds(&row, next);
        print(linear, row.data, out);
        str_reset(&row);
    }
    str_release(&row);
}

static void print_line(struct linear *linear, const struct model *model,
                       const struct buffer *buffer, const struct buffer_line *line, struct str *out)
{
    struct str text;
    str_init(&text, LINE_MAX_BYTES);
    add_lead(model, buffer, line->time_ms, &text);
    if (is_list(line))
        view_plain_rows(line, &text);
    else
        view_plain_line(buffer, line, &text);
    print_rows(linear, text.data, out);
    str_release(&text);
}

/* Those that were done before that line came. */
static void print_events(struct linear *linear, const struct model *model, uint64_t line,
                         struct str *out)
{
    const struct line_event *event;
    while ((event = line_events_next(&model->events, linear->events)) && event->behind < line) {
        const struct buffer *buffer = model_find_id(model, event->buffer);
        struct str text;
        linear->events = event->number;
        str_init(&text, LINE_MAX_BYTES);
        add_lead(model, buffer ? buffer : model->current, event->time_ms, &text);
        view_plain_event(event, &text);
        print(linear, text.data, out);
        str_release(&text);
    }
}

/* People who come and go unheard; and what the server says of itself, unless the user is there. */
static bool is_aside(const struct model *model, const struct news_item *item)
{
    bool elsewhere = item->buffer == model->buffers[0] && item->buffer != model->current;
    return item->line->quiet || (elsewhere && item->line->kind == LINE_SERVER);
}

static void print_news(struct linear *linear, const struct model *model, int64_t now_ms,
                       struct str *out)
{
    struct news_item *items;
    size_t count = news_take(&linear->news, model, now_ms, &items);
    for (size_t i = 0; i < count; i++) {
        print_events(linear, model, items[i].line->id, out);
        if (!is_aside(model, &items[i]))
            print_line(linear, model, items[i].buffer, items[i].line, out);
    }
    print_events(linear, model, UINT64_MAX, out);
    free(items);
}

/* What the full screen shows beside the lines, when it has changed. */
static void print_hint(struct linear *linear, const struct model *model, struct str *out)
{
    struct str hint;
    str_init(&hint, LINE_MAX_BYTES);
    const struct completion *completion = model->completion;
    str_adds(&hint, model->hint.data);
    if (hint.len == 0 && completion && completion->count > 1)
        for (size_t i = 0; i < completion->count; i++)
            str_addf(&hint, "%s%s", i > 0 ? "  " : "", completion->candidates[i]);
    if (strcmp(hint.data, linear->hint.data) != 0 && hint.len > 0)
        print(linear, hint.data, out);
    str_release(&linear->hint);
    linear->hint = hint;
}

static void print_place(struct linear *linear, const struct model *model, struct str *out)
{
    const struct buffer *buffer = model->current;
    struct str text;
    if (buffer->id == linear->buffer)
        return;
    linear->buffer = buffer->id;
    str_init(&text, PROMPT_MAX_BYTES + BUFFER_TOPIC_MAX_BYTES);
    str_addf(&text, "in %s%s%s", buffer->name, buffer->topic[0] ? ": " : "", buffer->topic);
    print(linear, text.data, out);
    str_release(&text);
}

static void print_picked(struct linear *linear, const struct model *model, struct str *out)
{
    if (model->picked == linear->picked)
        return;
    linear->picked = model->picked;
    ptrdiff_t at = model->picked ? buffer_line_index(model->current, model->picked) : -1;
    if (at < 0)
        return;
    struct str text;
    str_init(&text, LINE_MAX_BYTES);
    str_adds(&text, "picked: ");
    view_plain_line(NULL, buffer_line_at(model->current, (size_t)at), &text);
    print(linear, text.data, out);
    str_release(&text);
}

/* The row of the line being typed: the prompt, and as much around the cursor as there is room for. */
struct typing {
    struct str row;
    int cursor;
};

static void add_prompt(const struct model *model, struct str *row)
{
    const char *name = model->current->name;
    if (!model->isearch)
        text_harmless(row, name, strlen(name));
    if (!model->isearch)
        str_addc(row, ' ');
    layout_prompt(model, row);
}

/* Appends the draft from `from` on as it fits into so many cells; *cursor grows by those before it. */
static void add_draft(const char *text, size_t len, size_t from, size_t cursor, int cells,
                      struct typing *typing)
{
    for (size_t at = from; at < len;) {
        size_t next = text_cluster_next(text, len, at), before = typing->row.len;
        if (text[at] == '\n')
            str_addc(&typing->row, '|');
        else
            text_harmless(&typing->row, text + at, next - at);
        int width = width_of(typing->row.data + before, typing->row.len - before);
        cells -= width;
        if (cells < 0) {
            str_cut(&typing->row, before);
            return;
        }
        typing->cursor += next <= cursor ? width : 0;
        at = next;
    }
}

static void add_search(const struct isearch *search, int cells, struct typing *typing)
{
    size_t len = search->match ? strcspn(search->match, "\n") : 0;
    add_draft(search->match, len, 0, 0, cells, typing);
}

static void type_init(struct typing *typing, const struct model *model, int cols)
{
    str_init(&typing->row, ROW_MAX_BYTES);
    add_prompt(model, &typing->row);
    if (width_of(typing->row.data, typing->row.len) > cols / 2)
        str_reset(&typing->row);
    typing->cursor = width_of(typing->row.data, typing->row.len);
    /* The last column stays free: there some terminals wrap at once. */
    int cells = cols - typing->cursor - 1;
    size_t len, from = 0, cursor = editor_cursor(model->current->draft);
    const char *text = editor_text(model->current->draft, &len);
    if (model->isearch) {
        add_search(model->isearch, cells, typing);
        return;
    }
    while (from < cursor && width_of(text + from, cursor - from) > cells) {
        size_t third = text_fit(text + from, cursor - from, (size_t)(cells / 3 + 1), NULL);
        from += third > 0 ? third : text_cluster_next(text, len, from) - from;
    }
    add_draft(text, len, from, cursor, cells > 0 ? cells : 1, typing);
}

static void go_left(int cells, struct str *out)
{
    for (; cells > 0; cells--)
        str_addc(out, '\b');
}

/* How many bytes both rows begin with, up to the end of a cluster of both. */
static size_t common_bytes(const struct str *a, const struct str *b)
{
    size_t at = 0;
    while (at < a->len && at < b->len) {
        size_t next = text_cluster_next(a->data, a->len, at);
        if (next != text_cluster_next(b->data, b->len, at) ||
            memcmp(a->data + at, b->data + at, next - at) != 0)
            break;
        at = next;
    }
    return at;
}

/* Moves within the row that is shown, which is written again where the way goes right. */
static void go(const struct linear *linear, int from, int to, struct str *out)
{
    const struct str *row = &linear->shown;
    go_left(from - to, out);
    if (from >= to)
        return;
    size_t begin = text_fit(row->data, row->len, (size_t)from, NULL);
    size_t end = text_fit(row->data, row->len, (size_t)to, NULL);
    str_add(out, row->data + begin, end - begin);
}

static void write_row(struct linear *linear, struct typing *typing, struct str *out)
{
    size_t same = common_bytes(&linear->shown, &typing->row);
    int at = width_of(typing->row.data, same),
        old = width_of(linear->shown.data, linear->shown.len);
    int end = width_of(typing->row.data, typing->row.len);
    bool longer = same < typing->row.len || old > end;
    if (longer) {
        go(linear, linear->cursor < 0 ? 0 : linear->cursor, at, out);
        str_add(out, typing->row.data + same, typing->row.len - same);
        if (old > end && linear->erase)
            str_adds(out, linear->erase);
        for (int i = end; i < old && !linear->erase; i++)
            str_addc(out, ' ');
        go_left(linear->erase || old < end ? 0 : old - end, out);
        linear->cursor = end;
    }
    str_release(&linear->shown);
    linear->shown = typing->row;
    go(linear, linear->cursor < 0 ? 0 : linear->cursor, typing->cursor, out);
    linear->cursor = typing->cursor;
}

void linear_draw(struct linear *linear, const struct model *model, int cols, int64_t now_ms,
                 struct str *out)
{
    size_t len;
    editor_text(model->current->draft, &len);
    print_place(linear, model, out);
    if (linear->erase || (len == 0 && !model->isearch))
        print_news(linear, model, now_ms, out);
    print_hint(linear, model, out);
    print_picked(linear, model, out);
    struct typing typing = {.cursor = 0};
    type_init(&typing, model, cols > 1 ? cols : 2);
    write_row(linear, &typing, out);
}

int64_t linear_next_ms(const struct linear *linear, int64_t now_ms)
{
    return news_next_ms(&linear->news, now_ms);
}
