/* The lines of the current buffer. Only those that are visible are worded and wrapped. */
#include "client/view/draw.h"

#include "client/model/find.h"
#include "client/model/fold.h"
#include "client/model/link.h"
#include "client/model/traffic.h"
#include "client/view/words.h"
#include "client/view/wrap.h"
#include "common/text.h"

#include <string.h>
#include <time.h>

static bool has_divider(const struct buffer *buffer, const struct buffer_line *line)
{
    return line->id == buffer->first_unread;
}

static struct wrap wrap_line(const struct layout *layout, const struct words *words)
{
    return wrap_begin(words->text.data, words->text.len, layout->pane_cols - layout->columns.text,
                      WRAP_WORDS);
}

int pane_line_rows(const struct layout *layout, const struct buffer *buffer, size_t index)
{
    struct words words;
    struct wrap_row row;
    int rows = has_divider(buffer, buffer_line_at(buffer, index));
    words_init_folded(&words, buffer, index, layout->columns.nick < 0);
    struct wrap wrap = wrap_line(layout, &words);
    while (wrap_next(&wrap, &row))
        rows++;
    words_release(&words);
    return rows;
}

/* A rule across the pane with a word in its middle. */
static void draw_rule(const struct draw *draw, int row, const char *word, struct style style)
{
    int cols = draw->layout.pane_cols;
    int from = draw->layout.columns.time > 0 ? 1 : 0;
    for (int col = from; col < cols - from; col++)
        grid_puts(draw->grid, row, col, cols, "─", style);
    int width = (int)text_width(word, strlen(word));
    int col = (cols - width) / 2;
    if (col > from)
        grid_puts(draw->grid, row, col, cols, word, style);
}

/* What is new, and for how long the user could not have seen it. */
static void draw_divider(const struct draw *draw, int row)
{
    int64_t away_ms = draw->model->current->away_ms;
    struct str word;
    str_init(&word, 100);
    str_adds(&word, " new");
    if (away_ms > 0) {
        str_adds(&word, " after ");
        traffic_span(&word, away_ms);
        str_adds(&word, " away");
    }
    str_adds(&word, " ");
    draw_rule(draw, row, word.data, draw->theme->divider);
    str_release(&word);
}

static struct style body_style(const struct theme *theme, const struct buffer_line *line)
{
    if (line->state == LINE_PENDING)
        return theme->pending;
    if (line->state == LINE_FAILED || line->kind == LINE_ERROR)
        return theme->error;
    if (line->mention)
        return theme->mention;
    if (line_is_talk(line))
        return theme->text;
    return line->kind == LINE_NOTE || line->kind == LINE_SERVER ? theme->note : theme->event;
}

static struct style nick_style(const struct theme *theme, const struct buffer_line *line)
{
    if (line->state == LINE_PENDING)
        return theme->pending;
    return line->own ? theme->own_nick : theme_nick(theme, line->nick);
}

/* Time, mark, nick and sign: what stands in the columns of a line's first row. */
static void draw_margin(const struct draw *draw, int row, const struct buffer_line *line,
                        const char *sign)
{
    const struct columns *columns = &draw->layout.columns;
    const struct theme *theme = draw->theme;
    struct style style = body_style(theme, line);
    if (columns->nick < 0)
        return;
    char clock[8];
    time_t s = (time_t)(line->time_ms / 1000);
    struct tm local;
    if (localtime_r(&s, &local) && strftime(clock, sizeof(clock), "%H:%M", &local) > 0)
        grid_puts(draw->grid, row, columns->time, columns->mark, clock, theme->time);
    grid_puts(draw->grid, row, columns->mark, columns->nick, words_mark(line), style);
    grid_puts(draw->grid, row, columns->sign, columns->text, sign, style);
    if (!words_nick_apart(line))
        return;
    int end = columns->nick + columns->nick_width;
    int width = (int)text_width(line->nick, strlen(line->nick));
    bool cut = width > columns->nick_width;
    struct style nick = nick_style(theme, line);
    int col = grid_puts(draw->grid, row, columns->nick, cut ? end - 1 : end, line->nick, nick);
    if (cut)
        grid_puts(draw->grid, row, col, end, "…", nick);
}

/* Black and white are left to the terminal where nothing is said of what is behind them: on one of
 * light and dark they could not be read. */
static uint32_t readable(const struct line_run *run)
{
    uint32_t fg = run->fg & 0xffffff;
    bool indexed = (run->fg & RUN_INDEXED) != 0;
    bool extreme =
        indexed ? fg == 0 || fg == 15 || fg == 16 || fg == 231 : fg == 0 || fg == 0xffffff;
    return extreme && run->bg == 0 ? COLOUR_DEFAULT : run->fg;
}

struct style draw_run_style(const struct theme *theme, const struct line_run *run,
                            struct style style)
{
    static const struct {
        unsigned look;
        uint16_t attr;
    } attrs[] = {{RUN_BOLD, ATTR_BOLD},
                 {RUN_ITALIC, ATTR_ITALIC},
                 {RUN_UNDERLINE, ATTR_UNDERLINE},
                 {RUN_STRIKE, ATTR_STRIKE},
                 {RUN_REVERSE, ATTR_REVERSE}};
    if (run->looks & RUN_MONOSPACE) {
        style.fg = theme->code.fg ? theme->code.fg : style.fg;
        style.attrs |= theme->code.attrs;
    }
    for (size_t i = 0; i < sizeof(attrs) / sizeof(attrs[0]); i++)
        if (run->looks & attrs[i].look)
            style.attrs |= attrs[i].attr;
    uint32_t fg = readable(run);
    style.fg = fg ? fg : style.fg;
    style.bg = run->bg ? run->bg : style.bg;
    return style;
}

/* A walk through the text of a line, part by part of one style. */
struct brush {
    const struct theme *theme;
    const struct buffer_line *line;
    const struct words *words;
    size_t run;            /* how many of the runs begin before */
    struct link_span link; /* the next one, or the one that it is in; nothing: from the end on */
};

/* Whether it is in a link; *end becomes where that changes, if it is before. */
static bool is_in_link(struct brush *brush, size_t at, size_t *end)
{
    const struct words *words = brush->words;
    while (brush->link.to <= at && brush->link.from < words->said_to)
        if (!link_next(words->text.data, brush->link.to, &brush->link) ||
            brush->link.from >= words->said_to)
            brush->link = (struct link_span){words->text.len, words->text.len};
    bool inside = at >= brush->link.from && at < brush->link.to;
    size_t change = inside ? brush->link.to : brush->link.from;
    if (change > at && change < *end)
        *end = change;
    return inside;
}

/* The style at `at`; *end becomes where it ends, if that is before. */
static struct style brush_at(struct brush *brush, size_t at, size_t *end)
{
    const struct buffer_line *line = brush->line;
    const struct words *words = brush->words;
    struct style style = body_style(brush->theme, line);
    size_t said = words->said_from, said_to = words->said_to;
    while (brush->run < line->more->n_runs && said + line->more->runs[brush->run].from <= at)
        brush->run++;
    size_t ends[] = {words->nick_from,
                     words->nick_to,
                     said,
                     said_to,
                     words->quote_to,
                     words->beside_from,
                     brush->run < line->more->n_runs ? said + line->more->runs[brush->run].from
                                                     : *end};
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
        if (ends[i] > at && ends[i] < *end)
            *end = ends[i];
    if (line_is_talk(line) && at >= words->nick_from && at < words->nick_to)
        return nick_style(brush->theme, line);
    if (at < words->quote_to || at >= words->beside_from || line->more->removed)
        return brush->theme->event;
    if (brush->run == 0 || at < said || at >= said_to)
        return style;
    return draw_run_style(brush->theme, &line->more->runs[brush->run - 1], style);
}

/* One row of a line's text, in which the nick may have a colour of its own, as may parts of what
 * was said. */
static void draw_text(const struct draw *draw, int row, const struct buffer_line *line,
                      const struct words *words, const struct wrap_row *span)
{
    struct brush brush = {draw->theme, line, words, 0, {words->said_from, words->said_from}};
    const struct find *find = draw->model->find;
    bool found = (find && find->line == line->id) || draw->model->picked == line->id;
    int col = draw->layout.columns.text;
    for (size_t at = span->from, end; at < span->to; at = end) {
        end = span->to;
        struct style style = brush_at(&brush, at, &end);
        if (is_in_link(&brush, at, &end))
            style.link = grid_link(draw->grid, words->text.data + brush.link.from,
                                   brush.link.to - brush.link.from);
        if (found)
            style.attrs ^= ATTR_REVERSE;
        col = grid_put(draw->grid, row, col, draw->layout.pane_cols, words->text.data + at,
                       end - at, style);
    }
}

/* Draws rows from..to-1 of line `index`, the first of them at screen row `row`. */
static void draw_line(const struct draw *draw, size_t index, int from, int to, int row)
{
    const struct buffer_line *line = buffer_line_at(draw->model->current, index);
    struct words words;
    struct wrap_row span;
    words_init_folded(&words, draw->model->current, index, draw->layout.columns.nick < 0);
    int at = 0;
    if (has_divider(draw->model->current, line) && at++ >= from)
        draw_divider(draw, row);
    struct wrap wrap = wrap_line(&draw->layout, &words);
    for (bool first = true; at < to && wrap_next(&wrap, &span); at++, first = false) {
        if (at < from)
            continue;
        if (first)
            draw_margin(draw, row + at - from, line, words.sign);
        draw_text(draw, row + at - from, line, &words, &span);
    }
    words_release(&words);
}

/* Draws lines from `oldest` on into rows top..top+rows-1, so that the lowest of them shows row
 * `last_row` (or the last one, if it has not as many) of line `index`. */
static void draw_lines(const struct draw *draw, int top, int rows, size_t oldest, size_t index,
                       int last_row)
{
    const struct buffer *buffer = draw->model->current;
    const struct layout *layout = &draw->layout;
    int end = pane_line_rows(layout, buffer, index);
    end = last_row < end - 1 ? last_row + 1 : end;
    int left = rows - end;
    size_t first = index;
    while (left > 0 && first > oldest) {
        first = fold_first(buffer, first - 1);
        left -= pane_line_rows(layout, buffer, first);
    }
    int skip = left < 0 ? -left : 0;
    int row = left > 0 ? top + left : top;
    for (size_t i = first; i <= index; i += fold_count(buffer, i)) {
        int to = i == index ? end : pane_line_rows(layout, buffer, i);
        draw_line(draw, i, skip, to, row);
        row += to - skip;
        skip = 0;
    }
}

/* The newest lines below those scrolled to, and how many there are below. */
static void draw_below(const struct draw *draw, size_t index)
{
    const struct layout *layout = &draw->layout;
    size_t count = buffer_line_count(draw->model->current);
    struct str word;
    str_init(&word, 100);
    size_t next = index + fold_count(draw->model->current, index);
    str_addf(&word, " %zu below ", count - next);
    int row = layout->pane_top + layout->pane_rows;
    draw_rule(draw, row, word.data, draw->theme->rule);
    str_release(&word);
    if (layout->tail_rows > 0 && next < count)
        draw_lines(draw, row + 1, layout->tail_rows, next,
                   fold_first(draw->model->current, count - 1), INT32_MAX);
}

void draw_pane(const struct draw *draw)
{
    const struct buffer *buffer = draw->model->current;
    const struct layout *layout = &draw->layout;
    size_t count = buffer_line_count(buffer);
    if (count == 0 || layout->pane_rows <= 0)
        return;
    size_t index = fold_first(buffer, count - 1);
    int last_row = INT32_MAX;
    if (buffer->scroll.line != 0) {
        ptrdiff_t found = buffer_line_index(buffer, buffer->scroll.line);
        /* The line is gone, and all above it: the oldest ones are shown. */
        index = found < 0 ? 0 : fold_first(buffer, (size_t)found);
        last_row = found < 0 ? INT32_MAX : buffer->scroll.row;
        draw_below(draw, index);
    }
    draw_lines(draw, layout->pane_top, layout->pane_rows, 0, index, last_row);
}
