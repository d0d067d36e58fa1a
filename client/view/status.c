/* The status line: the hint to the last key or the candidates of Tab; else what goes on in other
 * buffers, and how the connection is. */
#include "client/view/draw.h"

#include "client/model/completion.h"
#include "client/model/speech.h"
#include "client/view/wrap.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

enum {
    STATUS_MAX_BYTES = 2048,
    RETRY_IN_WORDS_COLS = 32,    /* narrower screens have the number alone */
    HINT_INDENT_ABOVE_COLS = 20, /* narrower screens keep their margin for the text */
};

static int width_of(const char *text)
{
    return (int)text_width(text, strlen(text));
}

static long long seconds_until(int64_t then_ms, int64_t now_ms)
{
    return then_ms > now_ms ? (long long)(then_ms - now_ms + 999) / 1000 : 0;
}

static void say_gap(struct str *out)
{
    str_adds(out, out->len > 0 ? "  " : "");
}

/* What is easily forgotten, as long as it lasts. */
static void say_lasting(const struct model *model, struct str *out)
{
    if (model->unkept)
        str_adds(out, "no journal");
    if (model->away && model->connection == CONNECTION_ONLINE)
        str_addf(out, "%saway", model->unkept ? "  " : "");
}

/* How the connection is; true: it is worth an alert. */
static bool say_connection(const struct draw *draw, struct str *out)
{
    const struct model *model = draw->model;
    say_gap(out);
    switch (model->connection) {
    case CONNECTION_OFFLINE:
        str_adds(out, "offline");
        if (model->retry_at_ms > 0)
            str_addf(out,
                     draw->layout.cols < RETRY_IN_WORDS_COLS ? " %lld s, F5 now"
                                                             : ": again in %lld s, F5 now",
                     seconds_until(model->retry_at_ms, draw->now_ms));
        else if (model->offline_why)
            str_adds(out, ": F5 connects");
        return true;
    case CONNECTION_CONNECTING:
        str_addf(out, "connecting to %s", model->server);
        return true;
    case CONNECTION_ONLINE:
        break;
    }
    if (model->no_answer_since_ms > 0) {
        str_addf(out, "no answer for %lld s",
                 (long long)(draw->now_ms - model->no_answer_since_ms) / 1000);
        return true;
    }
    str_adds(out, model->server);
    if (model->lag_ms >= 0)
        str_addf(out, " %lld ms", (long long)model->lag_ms);
    str_adds(out, model->encrypted ? "  tls" : "  clear");
    return false;
}

/* How far several messages have come, and how many Enter would send, when that is worth knowing. */
static void say_draft(const struct draw *draw, struct str *out)
{
    const struct buffer *buffer = draw->model->current;
    if (draw->model->connection == CONNECTION_ONLINE && buffer->pending > 0 &&
        buffer->said >= buffer->pending) {
        say_gap(out);
        str_addf(out, "sending %zu/%zu, C-c stops", buffer->said - buffer->pending, buffer->said);
    }
    size_t messages = speech_count(draw->model), rows = speech_rows(draw->model);
    if (messages > 1 || (rows > 1 && messages < rows))
        say_gap(out);
    if (rows > 1 && messages < rows)
        str_addf(out, "%zu lines, %zu message%s", rows, messages, messages > 1 ? "s" : "");
    else if (messages > 1)
        str_addf(out, "%zu messages", messages);
}

/* Where something goes on, elsewhere. */
struct activity {
    struct buffer *list[BUFFERS_MAX];
    size_t count;
};

/* What counts most of what is unread there; UNREAD_KINDS: nothing is. */
static enum unread activity_of(const struct draw *draw, const struct buffer *buffer)
{
    static const enum unread kinds[] = {UNREAD_MENTION, UNREAD_TALK, UNREAD_EVENT};
    for (size_t i = 0; i < UNREAD_KINDS && buffer != draw->model->current; i++)
        if (buffer->unread[kinds[i]] > 0)
            return kinds[i];
    return UNREAD_KINDS;
}

/* Those of that kind; UNREAD_KINDS: of any. */
static void collect(const struct draw *draw, enum unread kind, struct activity *activity)
{
    const struct model *model = draw->model;
    for (size_t i = 0; i < model->buffer_count; i++) {
        enum unread found = activity_of(draw, model->buffers[i]);
        if (kind == UNREAD_KINDS ? found != kind : found == kind)
            activity->list[activity->count++] = model->buffers[i];
    }
}

/* "ops 2" for talk, "cy 1!" for what speaks to the user, the name alone for joins and the like. */
static void say_activity(const struct buffer *buffer, struct str *out)
{
    size_t talk = buffer->unread[UNREAD_TALK], mentions = buffer->unread[UNREAD_MENTION];
    str_adds(out, buffer->name + (buffer->name[0] == '#'));
    if (talk + mentions > 0)
        str_addf(out, " %zu%s", talk + mentions, mentions > 0 ? "!" : "");
}

static struct style activity_style(const struct draw *draw, const struct buffer *buffer)
{
    struct style style = draw->theme->status;
    if (buffer->unread[UNREAD_MENTION] > 0)
        style.attrs |= ATTR_BOLD;
    return style;
}

/* "+35": those from `first` on are not named; nothing for none. */
static void say_others(const struct activity *activity, size_t first, struct str *out)
{
    if (first < activity->count)
        str_addf(out, "+%zu%s", activity->count - first,
                 activity->list[first]->unread[UNREAD_MENTION] > 0 ? "!" : "");
}

/* How many are named in so many columns, with room for how many are not. */
static size_t count_named(const struct activity *activity, int cols)
{
    struct str text;
    str_init(&text, STATUS_MAX_BYTES);
    size_t named = 0;
    int used = 0;
    for (size_t i = 0; i < activity->count; i++) {
        str_reset(&text);
        say_activity(activity->list[i], &text);
        used += width_of(text.data);
        str_reset(&text);
        say_others(activity, i + 1, &text);
        int others = text.len > 0 ? 2 + width_of(text.data) : 0;
        if (used > cols)
            break;
        if (used + others <= cols)
            named = i + 1;
        used += 2;
    }
    str_release(&text);
    return named;
}

/* In the order of their numbers; where not all fit, what speaks to the user comes first, then talk. */
static size_t choose(const struct draw *draw, int cols, struct activity *activity)
{
    activity->count = 0;
    collect(draw, UNREAD_KINDS, activity);
    size_t named = count_named(activity, cols);
    if (named == activity->count)
        return named;
    activity->count = 0;
    collect(draw, UNREAD_MENTION, activity);
    collect(draw, UNREAD_TALK, activity);
    collect(draw, UNREAD_EVENT, activity);
    return count_named(activity, cols);
}

static int draw_named(const struct draw *draw, int row, int col, int end, struct buffer *buffer)
{
    struct str text;
    str_init(&text, STATUS_MAX_BYTES);
    say_activity(buffer, &text);
    int behind = grid_puts(draw->grid, row, col, end, text.data, activity_style(draw, buffer));
    if (draw->pointing && draw->pointing->col >= col && draw->pointing->col < behind)
        draw->pointing->buffer = buffer;
    str_release(&text);
    return behind + 2;
}

static void draw_activity(const struct draw *draw, int row, int col, int end)
{
    struct activity activity;
    struct str others;
    size_t named = choose(draw, end - col, &activity);
    for (size_t i = 0; i < named; i++)
        col = draw_named(draw, row, col, end, activity.list[i]);
    str_init(&others, STATUS_MAX_BYTES);
    say_others(&activity, named, &others);
    if (others.len > 0 && col + width_of(others.data) <= end)
        grid_puts(draw->grid, row, col, end, others.data,
                  activity_style(draw, activity.list[named]));
    str_release(&others);
}

/* Whom the draft answers. */
static void say_answering(const struct buffer *buffer, struct str *out)
{
    const struct buffer_line *asked = buffer_find_msgid(buffer, buffer->answers);
    if (buffer->answers)
        str_addf(out, " ↳ %s", asked ? asked->nick : "something said before");
}

static void say_typing(const struct draw *draw, struct str *out)
{
    struct str words;
    str_init(&words, STATUS_MAX_BYTES);
    typists_words(&draw->model->current->typists, draw->now_ms, &words);
    str_adds(out, words.len > 0 ? "  " : "");
    str_add(out, words.data, words.len);
    str_release(&words);
}

static void draw_buffers(const struct draw *draw, int row, int end)
{
    const struct model *model = draw->model;
    struct str here;
    str_init(&here, STATUS_MAX_BYTES);
    str_addc(&here, '[');
    str_adds(&here, model->current->name);
    str_addc(&here, ']');
    say_answering(model->current, &here);
    say_typing(draw, &here);
    int col = grid_puts(draw->grid, row, 1, end, here.data, draw->theme->status) + 1;
    str_release(&here);
    draw_activity(draw, row, col, end);
}

static void draw_candidates(const struct draw *draw, int row)
{
    const struct completion *completion = draw->model->completion;
    int cols = draw->layout.cols, used = 1;
    size_t first = 0;
    for (size_t i = 0; i <= completion->chosen; i++) {
        used += width_of(completion_shown(completion, i)) + 2;
        if (used > cols) {
            first = i;
            used = 1 + width_of(completion_shown(completion, i)) + 2;
        }
    }
    grid_fill(draw->grid, row, 0, cols, draw->theme->popup);
    int col = 1;
    for (size_t i = first; i < completion->count && col < cols; i++) {
        struct style style = i == completion->chosen ? draw->theme->chosen : draw->theme->popup;
        col = grid_puts(draw->grid, row, col, cols, completion_shown(completion, i), style) + 2;
    }
}

static int hint_col(const struct draw *draw)
{
    return draw->layout.cols > HINT_INDENT_ABOVE_COLS;
}

static struct wrap wrap_hint(const struct draw *draw)
{
    const struct str *hint = &draw->model->hint;
    return wrap_begin(hint->data, hint->len, draw->layout.cols - hint_col(draw), WRAP_WORDS);
}

/* At most about half of the pane is covered. */
static int hint_rows(const struct draw *draw)
{
    struct wrap wrap = wrap_hint(draw);
    struct wrap_row part = {0, 0};
    int rows = 0, most = 1 + draw->layout.pane_rows / 2;
    while (rows < most && wrap_next(&wrap, &part))
        rows++;
    return rows;
}

static void draw_hint(const struct draw *draw, int top, int end)
{
    struct wrap wrap = wrap_hint(draw);
    struct wrap_row part = {0, 0};
    for (int row = top; row < end && wrap_next(&wrap, &part); row++) {
        char *text = xmemdup0(draw->model->hint.data + part.from, part.to - part.from);
        grid_fill(draw->grid, row, 0, draw->layout.cols, draw->theme->alert);
        grid_puts(draw->grid, row, hint_col(draw), draw->layout.cols, text, draw->theme->alert);
        free(text);
    }
}

static void draw_usual(const struct draw *draw, int row)
{
    int cols = draw->layout.cols, here = width_of(draw->model->current->name) + 4;
    grid_fill(draw->grid, row, 0, cols, draw->theme->status);
    struct str right;
    str_init(&right, STATUS_MAX_BYTES);
    say_lasting(draw->model, &right);
    bool alert = say_connection(draw, &right);
    say_draft(draw, &right);
    /* Where both do not fit, a connection that is well goes unsaid. */
    if (!alert && here + width_of(right.data) + 1 > cols) {
        str_reset(&right);
        say_lasting(draw->model, &right);
        say_draft(draw, &right);
    }
    int col = cols - width_of(right.data) - 1;
    col = col > 0 ? col : 0;
    grid_puts(draw->grid, row, col, cols, right.data,
              alert ? draw->theme->alert : draw->theme->status);
    draw_buffers(draw, row, right.len > 0 ? col - 1 : cols);
    str_release(&right);
}

int draw_status_top(const struct draw *draw)
{
    /* Without a status line a hint still takes the last rows of the pane. */
    if (draw->model->hint.len > 0 && draw->layout.edit_top > 0)
        return draw->layout.edit_top - hint_rows(draw);
    return draw->layout.status_row;
}

void draw_status(const struct draw *draw)
{
    const struct model *model = draw->model;
    int row = draw_status_top(draw);
    if (row < 0)
        return;
    if (model->hint.len > 0)
        draw_hint(draw, row, draw->layout.edit_top);
    else if (model->completion && model->completion->count > 1)
        draw_candidates(draw, row);
    else
        draw_usual(draw, row);
}
