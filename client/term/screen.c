/* The difference of two grids as bytes. */
#include "client/term/screen.h"

#include <assert.h>
#include <string.h>

#include "common/text.h"

#define CHEAP_GAP_CELLS 6 /* writing so many cells again costs no more than moving over them */
#define CHEAP_ERASE_CELLS 4

static const struct style plain;

static const char synchronize_begin[] = "\033[?2026h";
static const char synchronize_end[] = "\033[?2026l";

/* A row of the next grid being compared with what is shown. */
struct row_pair {
    struct screen *screen;
    const struct grid *next;
    struct str *out;
    int row;
    const struct cell *next_cells, *shown_cells; /* of the row */
};

void screen_init(struct screen *screen, const struct caps *caps)
{
    memset(screen, 0, sizeof(*screen));
    screen->caps = caps;
    grid_init(&screen->shown);
    screen_forget(screen);
}

void screen_release(struct screen *screen)
{
    grid_release(&screen->shown);
}

void screen_widths(struct screen *screen, const struct widths *widths)
{
    screen->widths = *widths;
    screen_forget(screen);
}

void screen_forget(struct screen *screen)
{
    screen->known = screen->pen_known = false;
    screen->row = screen->col = -1;
}

static void add_cap(struct str *out, const char *capability)
{
    if (capability)
        str_adds(out, capability);
}

static bool same_style(const struct style *a, const struct style *b)
{
    return a->fg == b->fg && a->bg == b->bg && a->attrs == b->attrs && a->link == b->link;
}

/* By its number the terminal knows that what is written apart is one link. */
static void set_link(const struct screen *screen, struct str *out, const struct grid *grid,
                     uint16_t link)
{
    const char *address = link ? grid_link_address(grid, link) : NULL;
    if (!screen->caps->links)
        return;
    if (address)
        str_addf(out, "\033]8;id=%u;%s\033\\", (unsigned)link, address);
    else
        str_adds(out, "\033]8;;\033\\");
}

/* `grid` is that of the style. */
static void set_pen(struct screen *screen, struct str *out, const struct grid *grid,
                    const struct style *style)
{
    if (screen->pen_known && same_style(&screen->pen, style))
        return;
    /* None is open between two frames. */
    if ((screen->pen_known ? screen->pen.link : 0) != style->link)
        set_link(screen, out, grid, style->link);
    caps_style(screen->caps, out, screen->pen_known ? &screen->pen : NULL, style);
    screen->pen = *style;
    screen->pen_known = true;
}

static void move(struct screen *screen, struct str *out, int row, int col)
{
    if (screen->row == row && screen->col == col)
        return;
    if (col == 0 && screen->row == row)
        str_addc(out, '\r');
    else if (col == 0 && screen->row >= 0 && screen->row + 1 == row)
        str_adds(out, "\r\n");
    else
        caps_move(screen->caps, out, row, col);
    screen->row = row;
    screen->col = col;
}

static bool is_blank(const struct grid *grid, const struct cell *cell)
{
    size_t len;
    const char *text = grid_cell_text(grid, cell, &len);
    return cell->width == 1 && (len == 0 || (len == 1 && text[0] == ' '));
}

/* The last defence: what comes here was made harmless twice before. */
static bool holds_control(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < ' ' || byte == 0x7f)
            return true;
        if (byte == 0xc2 && i + 1 < len && (unsigned char)text[i + 1] < 0xa0)
            return true;
    }
    return !text_utf8_valid(text, len);
}

static bool is_doubtful(const struct screen *screen, const struct grid *grid,
                        const struct cell *cell)
{
    size_t len;
    if (cell->len <= 1)
        return false;
    const char *text = grid_cell_text(grid, cell, &len);
    return text_cluster_doubtful(text, len) && !widths_agree(&screen->widths, text, len);
}

/* A terminal that does not join what we take for one cluster would fill the cells behind it. */
static void add_cluster(const struct screen *screen, struct str *out, const char *text, size_t len)
{
    const struct widths *widths = &screen->widths;
    enum width_kind kind = widths->known ? width_kind_of(text, len) : WIDTH_OTHER;
    bool too_wide = kind < WIDTH_KINDS && widths->cells[kind] > 2;
    int32_t code;
    size_t first = text_decode(text, len, &code);
    if (too_wide && kind == WIDTH_FLAG) {
        for (size_t at = 0; at < len && code >= 0x1f1e6 && code <= 0x1f1ff;) {
            str_addc(out, (char)('A' + (code - 0x1f1e6)));
            at += first;
            first = text_decode(text + at, len - at, &code);
        }
    } else {
        str_add(out, text, too_wide ? first : len);
    }
}

/* Writes the cell at the cursor, which is behind it afterwards, or not known. */
static void put_cell(struct row_pair *pair, const struct cell *cell, int col)
{
    struct screen *screen = pair->screen;
    size_t len;
    const char *text = grid_cell_text(pair->next, cell, &len);
    set_pen(screen, pair->out, pair->next, &cell->style);
    if (len == 0)
        str_addc(pair->out, ' ');
    else if (len == 1 && text[0] >= ' ' && text[0] < 0x7f)
        str_addc(pair->out, text[0]);
    else if (!holds_control(text, len))
        add_cluster(screen, pair->out, text, len);
    else
        str_adds(pair->out, cell->width == 2 ? "\xef\xbf\xbd " : "\xef\xbf\xbd");
    screen->col = col + cell->width;
    /* Behind the last column the cursor is here or there, as the terminal likes. */
    if (screen->col >= pair->next->cols || is_doubtful(screen, pair->next, cell))
        screen->row = screen->col = -1;
}

/* The column from which on the row is blank in one style that erasing can give it. */
static int blank_from(const struct row_pair *pair)
{
    const struct grid *grid = pair->next;
    const struct style *style = &pair->next_cells[grid->cols - 1].style;
    int col = grid->cols;
    bool erasable = pair->screen->caps->clear_to_eol && style->attrs == 0 &&
                    (style->bg == COLOUR_DEFAULT || pair->screen->caps->erases_with_background);
    while (erasable && col > 0) {
        const struct cell *cell = &pair->next_cells[col - 1];
        if (!is_blank(grid, cell) || !same_style(&cell->style, style))
            break;
        col--;
    }
    return col;
}

static bool differs(const struct row_pair *pair, int col)
{
    const struct cell *next = &pair->next_cells[col], *shown = &pair->shown_cells[col];
    if (next->len <= CELL_INLINE_BYTES)
        return memcmp(next, shown, sizeof(*next)) != 0;
    return !grid_cell_same(pair->next, next, &pair->screen->shown, shown);
}

/* Whether the cells from the cursor to `col` are so few and simple that writing them beats moving. */
static bool gap_is_cheap(const struct row_pair *pair, int col)
{
    const struct screen *screen = pair->screen;
    if (screen->row != pair->row || screen->col > col || col - screen->col > CHEAP_GAP_CELLS)
        return false;
    for (int i = screen->col; i < col; i++) {
        const struct cell *cell = &pair->next_cells[i];
        if (cell->width != 1 || cell->len > 1 || !screen->pen_known ||
            !same_style(&cell->style, &screen->pen))
            return false;
    }
    return true;
}

static void reach(struct row_pair *pair, int col)
{
    if (gap_is_cheap(pair, col))
        for (int i = pair->screen->col; i < col; i++)
            put_cell(pair, &pair->next_cells[i], i);
    move(pair->screen, pair->out, pair->row, col);
}

static void erase_from(struct row_pair *pair, int col)
{
    struct style style = {.bg = pair->next_cells[pair->next->cols - 1].style.bg};
    move(pair->screen, pair->out, pair->row, col);
    set_pen(pair->screen, pair->out, pair->next, &style);
    str_adds(pair->out, pair->screen->caps->clear_to_eol);
}

/* Whether writing the cell would scroll a terminal that always wraps. */
static bool is_forbidden(const struct row_pair *pair, int col, int width)
{
    return pair->screen->caps->wraps && pair->row == pair->next->rows - 1 &&
           col + width >= pair->next->cols;
}

/* Writes the cells from..end-1 that differ, or all of them. */
static void put_cells(struct row_pair *pair, int from, int end, bool all)
{
    for (int col = from; col < end; col++) {
        const struct cell *cell = &pair->next_cells[col];
        if (cell->width == 0 || is_forbidden(pair, col, cell->width))
            continue;
        bool half_differs =
            cell->width == 2 && col + 1 < pair->next->cols && differs(pair, col + 1);
        if (!all && !differs(pair, col) && !half_differs)
            continue;
        reach(pair, col);
        put_cell(pair, cell, col);
    }
}

static bool row_is_doubtful(const struct screen *screen, const struct grid *grid,
                            const struct cell *cells)
{
    for (int col = 0; col < grid->cols; col++)
        if (is_doubtful(screen, grid, &cells[col]))
            return true;
    return false;
}

/* Most rows of most frames: seen without a look at each cell. Else it may be the same all the same. */
static bool surely_same(const struct row_pair *pair)
{
    const struct grid *shown = &pair->screen->shown;
    return pair->next->spill.len == 0 && shown->spill.len == 0 &&
           !memcmp(pair->next_cells, pair->shown_cells, (size_t)shown->cols * sizeof(struct cell));
}

static int first_different(const struct row_pair *pair)
{
    int col = 0;
    while (col < pair->next->cols && !differs(pair, col))
        col++;
    return col;
}

static int behind_different(const struct row_pair *pair)
{
    int col = pair->next->cols;
    while (col > 0 && !differs(pair, col - 1))
        col--;
    return col;
}

static int count_different(const struct row_pair *pair, int from, int most)
{
    int count = 0;
    for (int col = from; col < pair->next->cols && count < most; col++)
        count += differs(pair, col);
    return count;
}

static void draw_row(struct row_pair *pair)
{
    int cols = pair->next->cols;
    if (surely_same(pair))
        return;
    int from = first_different(pair);
    if (from == cols)
        return;
    from -= from > 0 && pair->next_cells[from].width == 0; /* a wide cell is written whole */
    int end = behind_different(pair);
    bool anew = row_is_doubtful(pair->screen, pair->next, pair->next_cells) ||
                row_is_doubtful(pair->screen, &pair->screen->shown, pair->shown_cells);
    if (anew && pair->screen->caps->clear_to_eol) {
        /* Where the terminal gives a cluster fewer cells than we do, nothing old shows through. */
        move(pair->screen, pair->out, pair->row, 0);
        set_pen(pair->screen, pair->out, pair->next, &plain);
        str_adds(pair->out, pair->screen->caps->clear_to_eol);
    }
    int blank = anew || end - from > CHEAP_ERASE_CELLS ? blank_from(pair) : cols;
    bool erase = blank < cols &&
                 (anew || count_different(pair, blank, CHEAP_ERASE_CELLS + 1) > CHEAP_ERASE_CELLS);
    put_cells(pair, anew ? 0 : from, erase ? blank : anew ? cols : end, anew);
    if (erase)
        erase_from(pair, blank);
}

/* Makes the terminal blank, of the size of `next`. */
static void clear(struct screen *screen, const struct grid *next, struct str *out)
{
    screen->pen_known = false;
    set_pen(screen, out, next, &plain);
    add_cap(out, screen->caps->clear);
    screen->row = screen->col = 0;
    grid_resize(&screen->shown, next->rows, next->cols);
    grid_clear(&screen->shown);
    screen->known = true;
}

static void draw_cursor(struct screen *screen, const struct grid *next, struct str *out,
                        bool hidden)
{
    if (next->cursor_visible)
        move(screen, out, next->cursor_row, next->cursor_col);
    if (next->cursor_visible && (hidden || !screen->cursor_visible))
        add_cap(out, screen->caps->show_cursor);
    else if (!next->cursor_visible && !hidden && screen->cursor_visible)
        add_cap(out, screen->caps->hide_cursor);
    screen->cursor_visible = next->cursor_visible;
}

/* Draws the rows but those of `skipped`. True: others than the cursor's changed. */
static bool draw_rows(struct screen *screen, const struct grid *next,
                      const struct grid_mark *skipped, struct str *out)
{
    int row_before = screen->row;
    bool moved = false;
    for (int row = 0; row < next->rows; row++) {
        if (row == skipped->top && row < skipped->end) {
            row = skipped->end - 1;
            continue;
        }
        struct row_pair pair = {.screen = screen,
                                .next = next,
                                .out = out,
                                .row = row,
                                .next_cells = grid_cell(next, row, 0),
                                .shown_cells = grid_cell(&screen->shown, row, 0)};
        size_t before = out->len;
        draw_row(&pair);
        moved |= out->len > before && row != row_before;
    }
    if (screen->pen_known && screen->pen.link != 0)
        set_link(screen, out, next, screen->pen.link = 0);
    return moved;
}

/* Ends what was appended from `start` on. */
static void end_frame(struct screen *screen, const struct grid *next, bool moved, size_t start,
                      struct str *out)
{
    /* A cursor that visits other rows is hidden meanwhile. */
    bool hide = moved && screen->cursor_visible;
    if (hide && screen->caps->hide_cursor)
        str_insert(out, start, screen->caps->hide_cursor, strlen(screen->caps->hide_cursor));
    draw_cursor(screen, next, out, hide);
    if (moved && screen->caps->synchronizes) {
        str_insert(out, start, synchronize_begin, sizeof(synchronize_begin) - 1);
        str_adds(out, synchronize_end);
    }
}

void screen_draw(struct screen *screen, struct grid *next, struct str *out)
{
    static const struct grid_mark none;
    bool fresh =
        !screen->known || screen->shown.rows != next->rows || screen->shown.cols != next->cols;
    size_t start = out->len;
    if (fresh) {
        clear(screen, next, out);
        screen->cursor_visible = true;
    }
    bool marked = !fresh && grid_mark_same(next, &screen->shown);
    bool moved = draw_rows(screen, next, marked ? &next->mark : &none, out);
    end_frame(screen, next, fresh || moved, start, out);
    struct grid former = screen->shown;
    screen->shown = *next;
    *next = former;
    if (out->overflow)
        screen_forget(screen);
}

void screen_draw_rest(struct screen *screen, const struct grid *next, struct str *out)
{
    assert(screen->known);
    size_t start = out->len;
    bool moved = draw_rows(screen, next, &screen->shown.mark, out);
    end_frame(screen, next, moved, start, out);
    grid_take_rest(&screen->shown, next);
    if (out->overflow)
        screen_forget(screen);
}
