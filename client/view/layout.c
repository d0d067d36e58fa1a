#include "client/view/layout.h"

#include "client/model/editor.h"
#include "client/model/isearch.h"
#include "client/view/wrap.h"
#include "common/text.h"

#include <string.h>

enum {
    SIDE_FROM_COLS = 60, /* narrower screens have no members pane */
    SIDE_MIN_COLS = 10,
    SIDE_MAX_COLS = 20,
    NICK_MIN_COLS = 4,
    NICK_MAX_COLS = 12,
    WIDE_PANE_COLS = 44,   /* narrower ones keep their margins for the text */
    MEDIUM_PANE_COLS = 28, /* narrower ones have no columns at all */
    BAR_FROM_ROWS = 6,
    STATUS_FROM_ROWS = 4,
    TAIL_ROWS = 3,
    TAIL_FROM_ROWS = 9,
    PROMPT_MAX_BYTES = 2048,
};

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static int width_of(const char *text)
{
    return (int)text_width(text, strlen(text));
}

/* The widest nick of those who are here. */
static int member_cols(const struct model *model)
{
    const struct buffer *buffer = model->current;
    int widest = width_of(model->nick);
    if (buffer->kind == BUFFER_PERSON && width_of(buffer->name) > widest)
        widest = width_of(buffer->name);
    int widest_member = (int)buffer->members.widest_cols;
    return widest_member > widest ? widest_member : widest;
}

static struct columns columns_of(int pane_cols, int nick_width)
{
    if (pane_cols < MEDIUM_PANE_COLS)
        return (struct columns){.time = -1, .mark = -1, .nick = -1, .sign = -1, .text = 0};
    struct columns columns = {.time = 1, .mark = 7, .nick = 9};
    columns.nick_width = clamp(nick_width, NICK_MIN_COLS, NICK_MAX_COLS);
    if (pane_cols < WIDE_PANE_COLS) {
        columns = (struct columns){.time = 0, .mark = 5, .nick = 6};
        columns.nick_width = clamp(nick_width, NICK_MIN_COLS, NICK_MAX_COLS / 2);
    }
    columns.sign = columns.nick + columns.nick_width;
    columns.text = columns.sign + 2;
    return columns;
}

void layout_prompt(const struct model *model, struct str *out)
{
    if (model->isearch) {
        str_addf(out,
                 "%s%.*s: ", model->isearch->match || model->isearch->len == 0 ? "search " : "no ",
                 (int)model->isearch->len, model->isearch->pattern);
        return;
    }
    text_harmless(out, model->nick, strlen(model->nick)); /* it is what the server calls us */
    str_adds(out, "> ");
}

/* A prompt that would leave too little room for the draft is left out. */
static int prompt_cols(const struct model *model, int cols)
{
    struct str prompt;
    str_init(&prompt, PROMPT_MAX_BYTES);
    layout_prompt(model, &prompt);
    int width = width_of(prompt.data);
    str_release(&prompt);
    int most = model->isearch ? cols - 1 : cols / 3;
    return width <= most ? width : 0;
}

/* The rows that the draft would fill, the cursor behind it included. */
static int draft_rows(const struct model *model, int cols)
{
    size_t len;
    const char *text = editor_text(model->current->draft, &len);
    if (model->isearch)
        return 1;
    struct wrap wrap = wrap_begin(text, len, cols, WRAP_CLUSTERS);
    struct wrap_row row = {0, 0};
    int rows = 0;
    while (wrap_next(&wrap, &row))
        rows++;
    bool full = (int)text_width(text + row.from, row.to - row.from) >= cols;
    return rows + (full && editor_cursor(model->current->draft) == len);
}

static void split_rows(struct layout *layout, const struct model *model)
{
    int rows = layout->rows;
    int draft = draft_rows(model, layout->cols - layout->prompt_cols);
    layout->edit_rows = clamp(draft, 1, rows / 3 > 1 ? rows / 3 : 1);
    layout->edit_top = rows - layout->edit_rows;
    layout->bar_row = rows >= BAR_FROM_ROWS ? 0 : -1;
    layout->status_row = rows >= STATUS_FROM_ROWS ? layout->edit_top - 1 : -1;
    layout->pane_top = layout->bar_row + 1;
    int end = layout->status_row >= 0 ? layout->status_row : layout->edit_top;
    layout->pane_rows = end - layout->pane_top;
    if (model->current->scroll.line != 0 && layout->pane_rows >= TAIL_FROM_ROWS)
        layout->tail_rows = TAIL_ROWS;
    /* The rule over the tail, or the last row, says how much is below. */
    if (model->current->scroll.line != 0 && layout->pane_rows > 1)
        layout->pane_rows -= layout->tail_rows + 1;
}

struct layout layout_across(const struct model *model, int cols)
{
    struct layout layout = {.cols = cols > 1 ? cols : 1, .members_col = -1};
    int members = member_cols(model);
    int speakers = (int)model->current->nick_cols;
    layout.pane_cols = layout.cols;
    if (model->current->members.count > 0 && layout.cols >= SIDE_FROM_COLS) {
        layout.pane_cols -= clamp(members + 4, SIDE_MIN_COLS, SIDE_MAX_COLS);
        layout.members_col = layout.pane_cols;
    }
    layout.columns = columns_of(layout.pane_cols, members > speakers ? members : speakers);
    return layout;
}

struct layout layout_of(const struct model *model, int rows, int cols)
{
    struct layout layout = layout_across(model, cols);
    layout.rows = rows > 1 ? rows : 1;
    layout.prompt_cols = prompt_cols(model, layout.cols);
    split_rows(&layout, model);
    return layout;
}
