#include "client/view/view.h"

#include "client/view/draw.h"
#include "client/view/words.h"
#include "common/text.h"

void view_draw(const struct model *model, const struct theme *theme, int rows, int cols,
               int64_t now_ms, struct grid *grid)
{
    grid_resize(grid, rows, cols);
    struct draw draw = {
        .model = model,
        .theme = theme,
        .layout = layout_of(model, grid->rows, grid->cols),
        .now_ms = now_ms,
        .grid = grid,
    };
    draw_bar(&draw);
    draw_pane(&draw);
    draw_side(&draw);
    draw_status(&draw);
    draw_draft(&draw);
}

/* Countdowns and spans move with every second. */
static int64_t next_second_ms(const struct model *model, int64_t now_ms)
{
    if (model->link == LINK_OFFLINE && model->retry_at_ms > now_ms)
        return now_ms + ((model->retry_at_ms - now_ms - 1) % 1000 + 1);
    if (model->link == LINK_ONLINE && model->no_answer_since_ms > 0)
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

void view_plain_line(const struct buffer_line *line, struct str *out)
{
    struct words words;
    words_init(&words, NULL, line, true);
    text_harmless(out, words.text.data, words.text.len);
    words_release(&words);
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

const struct measure view_measure = {measure_pane_rows, measure_line_rows};
