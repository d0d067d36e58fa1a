#include "client/view/view.h"

#include "client/view/draw.h"
#include "client/view/words.h"
#include "common/hash.h"
#include "common/text.h"

#include <stdint.h>
#include <string.h>

static uint64_t hash_of(const void *bytes, size_t len)
{
    return hash_fnv64(HASH_FNV64, bytes, len);
}

static uint64_t shape_of(const struct draw *draw)
{
    return hash_of(&draw->layout, sizeof(draw->layout));
}

static bool hint_covers_pane(const struct draw *draw)
{
    return draw_status_top(draw) != draw->layout.status_row;
}

/* Of the bar, the pane and the members: while the user types they stay as they are. What depends on
 * the time alone is not fresher than a second there. */
static struct grid_mark mark_of(const struct draw *draw)
{
    const struct changes *changes = &draw->model->changes;
    uint64_t parts[] = {changes->by_keys - changes->of_draft, changes->by_traffic,
                        (uint64_t)(draw->now_ms / 1000), draw->theme->version};
    if (draw->layout.status_row < 0 || hint_covers_pane(draw))
        return (struct grid_mark){0};
    return (struct grid_mark){.of = hash_of(parts, sizeof(parts)),
                              .shape = shape_of(draw),
                              .end = draw->layout.status_row};
}

static struct draw begin(const struct model *model, const struct theme *theme, int rows, int cols,
                         int64_t now_ms, struct grid *grid)
{
    return (struct draw){
        .model = model,
        .theme = theme,
        .layout = layout_of(model, grid_side(rows), grid_side(cols)),
        .now_ms = now_ms,
        .grid = grid,
    };
}

void view_draw(const struct model *model, const struct theme *theme, int rows, int cols,
               int64_t now_ms, struct grid *grid)
{
    struct draw draw = begin(model, theme, rows, cols, now_ms, grid);
    struct grid_mark mark = mark_of(&draw);
    if (!grid_begin(grid, draw.layout.rows, draw.layout.cols, &mark)) {
        draw_bar(&draw);
        draw_pane(&draw);
        draw_members(&draw);
    }
    draw_status(&draw);
    draw_draft(&draw);
}

bool view_draw_typing(const struct model *model, const struct theme *theme, int64_t now_ms,
                      const struct grid *shown, struct grid *grid)
{
    struct draw draw = begin(model, theme, shown->rows, shown->cols, now_ms, grid);
    if (hint_covers_pane(&draw) || !grid_begin_rest(grid, shown, shape_of(&draw)))
        return false;
    draw_status(&draw);
    draw_draft(&draw);
    return grid->spill.len == 0;
}

/* Countdowns and spans move with every second. */
static int64_t next_second_ms(const struct model *model, int64_t now_ms)
{
    if (model->connection == CONNECTION_OFFLINE && model->retry_at_ms > now_ms)
        return now_ms + ((model->retry_at_ms - now_ms - 1) % 1000 + 1);
    if (model->connection == CONNECTION_ONLINE && model->no_answer_since_ms > 0)
        return now_ms + 1000 - (now_ms - model->no_answer_since_ms) % 1000;
    return 0;
}

int64_t view_next_ms(const struct model *model, int64_t now_ms)
{
    int64_t second_ms = next_second_ms(model, now_ms);
    int64_t typing_ms = typists_next_ms(&model->current->typists, now_ms);
    if (second_ms == 0 || typing_ms == 0)
        return second_ms + typing_ms;
    return second_ms < typing_ms ? second_ms : typing_ms;
}

/* Harmless, with that between them. */
static void add_rows(const char *row, const char *between, struct str *out)
{
    for (const char *end; (end = strchr(row, '\n')); row = end + 1) {
        text_harmless(out, row, (size_t)(end - row));
        str_adds(out, between);
    }
    text_harmless(out, row, strlen(row));
}

static void add_line(const struct buffer *buffer, const struct buffer_line *line,
                     const char *between, struct str *out)
{
    struct words words;
    words_init(&words, buffer, line, true);
    add_rows(words.text.data, between, out);
    words_release(&words);
}

void view_plain_line(const struct buffer *buffer, const struct buffer_line *line, struct str *out)
{
    add_line(buffer, line, " / ", out);
}

void view_plain_rows(const struct buffer_line *line, struct str *out)
{
    add_line(NULL, line, "\n", out);
}

void view_plain_remark(const struct buffer_line *line, struct str *out)
{
    add_rows(line->text, " / ", out);
}

void view_plain_event(const struct line_event *event, struct str *out)
{
    struct str text;
    str_init(&text, 4 * LINE_TEXT_MAX_BYTES);
    words_of_event(event, &text);
    add_rows(text.data, " / ", out);
    str_release(&text);
}

static int measure_pane_rows(const struct model *model)
{
    return layout_of(model, model->rows, model->cols).pane_rows;
}

static int measure_line_rows(const struct model *model, const struct buffer *buffer, size_t index)
{
    struct layout layout = layout_across(model, model->cols);
    return pane_line_rows(&layout, buffer, index);
}

static struct buffer *measure_buffer_at(const struct model *model, int64_t now_ms, int row, int col)
{
    struct grid grid;
    struct pointing pointing = {.col = col};
    grid_init(&grid);
    struct draw draw = begin(model, &theme_mono, model->rows, model->cols, now_ms, &grid);
    draw.pointing = &pointing;
    grid_resize(&grid, draw.layout.rows, draw.layout.cols);
    if (row == draw.layout.status_row)
        draw_status(&draw);
    grid_release(&grid);
    return pointing.buffer;
}

const struct measure view_measure = {measure_pane_rows, measure_line_rows, measure_buffer_at};
