/* The lines of the current buffer. Only those that are visible are worded and wrapped. */
#include "client/view/draw.h"

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

int pane_line_rows(const struct layout *layout, const struct buffer *buffer,
                   const struct buffer_line *line)
{
    struct words words;
    struct wrap_row row;
    int rows = has_divider(buffer, line);
    words_init(&words, line, layout->columns.nick < 0);
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

/* One row of a line's text, in which the nick may have a colour of its own. */
static void draw_text(const struct draw *draw, int row, const struct buffer_line *line,
                      const struct words *words, const struct wrap_row *span)
{
    struct style styles[] = {body_style(draw->theme, line), nick_style(draw->theme, line),
                             body_style(draw->theme, line)};
    size_t ends[] = {words->nick_from, words->nick_to, words->text.len};
    if (!line_is_talk(line))
        styles[1] = styles[0];
    int col = draw->layout.columns.text;
    size_t at = span->from;
    for (int part = 0; part < 3; part++) {
        size_t end = ends[part] < span->to ? ends[part] : span->to;
        if (at < end) {
            col = grid_put(draw->grid, row, col, draw->layout.pane_cols, words->text.data + at,
                           end - at, styles[part]);
            at = end;
        }
    }
}

/* Draws rows from..to-1 of the line, the first of them at screen row `row`. */
static void draw_line(const struct draw *draw, const struct buffer_line *line, int from, int to,
                      int row)
{
    struct words words;
    struct wrap_row span;
    words_init(&words, line, draw->layout.columns.nick < 0);
    int at = 0;
    if (has_divider(draw->model->current, line) && at++ >= from)
        draw_rule(draw, row, " new ", draw->theme->divider);
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
    int end = pane_line_rows(layout, buffer, buffer_line_at(buffer, index));
    end = last_row < end - 1 ? last_row + 1 : end;
    int left = rows - end;
    size_t first = index;
    while (left > 0 && first > oldest)
        left -= pane_line_rows(layout, buffer, buffer_line_at(buffer, --first));
    int skip = left < 0 ? -left : 0;
    int row = left > 0 ? top + left : top;
    for (size_t i = first; i <= index; i++) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        int to = i == index ? end : pane_line_rows(layout, buffer, line);
        draw_line(draw, line, skip, to, row);
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
    str_addf(&word, " %zu below ", count - 1 - index);
    int row = layout->pane_top + layout->pane_rows;
    draw_rule(draw, row, word.data, draw->theme->rule);
    str_release(&word);
    if (layout->tail_rows > 0 && index + 1 < count)
        draw_lines(draw, row + 1, layout->tail_rows, index + 1, count - 1, INT32_MAX);
}

void draw_pane(const struct draw *draw)
{
    const struct buffer *buffer = draw->model->current;
    const struct layout *layout = &draw->layout;
    size_t count = buffer_line_count(buffer);
    if (count == 0 || layout->pane_rows <= 0)
        return;
    size_t index = count - 1;
    int last_row = INT32_MAX;
    if (buffer->scroll.line != 0) {
        ptrdiff_t found = buffer_line_index(buffer, buffer->scroll.line);
        /* The line is gone, and all above it: the oldest ones are shown. */
        index = found < 0 ? 0 : (size_t)found;
        last_row = found < 0 ? INT32_MAX : buffer->scroll.row;
        draw_below(draw, index);
    }
    draw_lines(draw, layout->pane_top, layout->pane_rows, 0, index, last_row);
}
