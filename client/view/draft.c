/* The line being typed, which grows to several rows and then scrolls; and the cursor. */
#include "client/view/draw.h"

#include "client/model/editor.h"
#include "client/model/format.h"
#include "client/model/isearch.h"
#include "client/view/wrap.h"
#include "common/text.h"

#include <string.h>

enum {
    PROMPT_BYTES = 2048,
};

/* Where the cursor is in the wrapped draft, and how many rows there are. */
struct spot {
    int row, col, rows;
};

static struct wrap wrap_draft(const struct draw *draw)
{
    size_t len;
    const char *text = editor_text(draw->model->current->draft, &len);
    return wrap_begin(text, len, draw->layout.cols - draw->layout.prompt_cols, WRAP_CLUSTERS);
}

static struct spot find_cursor(const struct draw *draw)
{
    const struct editor *draft = draw->model->current->draft;
    const char *text = editor_text(draft, NULL);
    size_t cursor = editor_cursor(draft);
    struct wrap wrap = wrap_draft(draw);
    struct wrap_row row;
    struct spot spot = {0};
    for (; wrap_next(&wrap, &row); spot.rows++) {
        /* Between two rows that were one, the cursor stands on the lower one: it comes later. */
        if (row.from <= cursor && cursor <= row.to) {
            spot.row = spot.rows;
            spot.col = (int)text_width(text + row.from, cursor - row.from);
        }
    }
    if (spot.col >= wrap.cols && draw->layout.edit_rows > 1) {
        spot.row++;
        spot.col = 0;
        if (spot.row == spot.rows)
            spot.rows++;
    }
    return spot;
}

static void draw_prompt(const struct draw *draw)
{
    struct str prompt;
    str_init(&prompt, PROMPT_BYTES);
    layout_prompt(draw->model, &prompt);
    grid_puts(draw->grid, draw->layout.edit_top, 0, draw->layout.prompt_cols, prompt.data,
              draw->theme->prompt);
    str_release(&prompt);
}

static void draw_search(const struct draw *draw)
{
    const struct isearch *search = draw->model->isearch;
    int row = draw->layout.edit_top, col = draw->layout.prompt_cols;
    if (search->match)
        grid_put(draw->grid, row, col, draw->layout.cols, search->match,
                 strcspn(search->match, "\n"), draw->theme->text);
    grid_cursor(draw->grid, row, col > 1 ? col - 2 : 0);
}

/* How the text looks at `at`: a row of it begins plain, as each becomes a message. */
static struct line_run run_before(const char *text, size_t at)
{
    struct line_run run = {0};
    for (const char *p = text; p < text + at;) {
        if (*p == '\n')
            run = (struct line_run){0};
        p += format_read(&p, &run) ? 0 : 1;
    }
    return run;
}

/* Codes stay to be seen, faint, so that they can be found and taken away. */
static void draw_row(const struct draw *draw, int row, const char *text, struct wrap_row span)
{
    struct line_run run = run_before(text, span.from);
    int col = draw->layout.prompt_cols, end = draw->layout.cols;
    for (size_t at = span.from, next; at < span.to; at = next) {
        const char *behind = text + at;
        struct style style = draw->theme->event;
        if (!format_read(&behind, &run)) {
            style = draw_run_style(draw->theme, &run, draw->theme->text);
            while (behind < text + span.to && !format_is_code(*behind))
                behind++;
        }
        next = (size_t)(behind - text) < span.to ? (size_t)(behind - text) : span.to;
        col = grid_put(draw->grid, row, col, end, text + at, next - at, style);
    }
}

void draw_draft(const struct draw *draw)
{
    const struct layout *layout = &draw->layout;
    if (layout->prompt_cols > 0)
        draw_prompt(draw);
    if (draw->model->isearch) {
        draw_search(draw);
        return;
    }
    struct spot spot = find_cursor(draw);
    /* The last rows are shown, or those from the cursor's on when it is above them. */
    int first = spot.rows > layout->edit_rows ? spot.rows - layout->edit_rows : 0;
    first = spot.row < first ? spot.row : first;
    struct wrap wrap = wrap_draft(draw);
    struct wrap_row row;
    for (int at = 0; wrap_next(&wrap, &row) && at < first + layout->edit_rows; at++)
        if (at >= first)
            draw_row(draw, layout->edit_top + at - first, wrap.text, row);
    grid_cursor(draw->grid, layout->edit_top + spot.row - first, layout->prompt_cols + spot.col);
}
