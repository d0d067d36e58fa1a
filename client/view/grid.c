#include "client/view/grid.h"

#include "common/alloc.h"
#include "common/hash.h"
#include "common/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    SPILL_MAX_BYTES = 1 << 20, /* what does not fit there is drawn as U+FFFD */
    LINKS_MAX_BYTES = GRID_MAX_LINKS * (LINK_MAX_BYTES + 1),
};

void grid_init(struct grid *grid)
{
    *grid = (struct grid){0};
    str_init(&grid->spill, SPILL_MAX_BYTES);
    str_init(&grid->links.text, LINKS_MAX_BYTES);
}

void grid_release(struct grid *grid)
{
    free(grid->cells);
    str_release(&grid->spill);
    str_release(&grid->links.text);
    grid_init(grid);
}

static struct cell blank(struct style style)
{
    struct cell cell = {.style = style, .width = 1, .len = 1};
    cell.text[0] = ' ';
    return cell;
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

int grid_side(int side)
{
    return clamp(side, 1, GRID_MAX_SIDE);
}

void grid_resize(struct grid *grid, int rows, int cols)
{
    grid->rows = grid_side(rows);
    grid->cols = grid_side(cols);
    size_t count = (size_t)grid->rows * (size_t)grid->cols;
    grid->cells = xreallocarray(grid->cells, count, sizeof(*grid->cells));
    grid_clear(grid);
}

static void clear_rows(struct grid *grid, int top, int end)
{
    struct cell empty = blank((struct style){0});
    for (int i = top * grid->cols; i < end * grid->cols; i++)
        grid->cells[i] = empty;
    grid->cursor_row = grid->cursor_col = 0;
    grid->cursor_visible = false;
}

void grid_clear(struct grid *grid)
{
    clear_rows(grid, 0, grid->rows);
    str_reset(&grid->spill);
    str_reset(&grid->links.text);
    grid->links.count = 0;
    grid->mark = (struct grid_mark){0};
}

static bool same_mark(const struct grid_mark *a, const struct grid_mark *b)
{
    return a->of != 0 && a->of == b->of && a->shape == b->shape && a->top == b->top &&
           a->end == b->end;
}

bool grid_begin(struct grid *grid, int rows, int cols, const struct grid_mark *mark)
{
    /* Clusters in the spill are given back all at once. */
    bool kept = grid->rows == rows && grid->cols == cols && grid->spill.len == 0 &&
                same_mark(&grid->mark, mark);
    if (kept) {
        clear_rows(grid, 0, mark->top);
        clear_rows(grid, mark->end, rows);
    } else {
        grid_resize(grid, rows, cols);
    }
    grid->mark = *mark;
    return kept;
}

bool grid_begin_rest(struct grid *grid, const struct grid *other, uint64_t shape)
{
    const struct grid_mark *mark = &other->mark;
    if (mark->of == 0 || mark->shape != shape || other->spill.len > 0)
        return false;
    if (grid->rows != other->rows || grid->cols != other->cols || grid->spill.len > 0 ||
        grid->mark.top != mark->top || grid->mark.end != mark->end) {
        grid_resize(grid, other->rows, other->cols);
        grid->mark = (struct grid_mark){.top = mark->top, .end = mark->end};
    } else {
        clear_rows(grid, 0, mark->top);
        clear_rows(grid, mark->end, grid->rows);
    }
    return true;
}

static void copy_rows(struct grid *to, const struct grid *from, int top, int end)
{
    size_t at = (size_t)top * (size_t)to->cols, count = (size_t)(end - top) * (size_t)to->cols;
    memcpy(to->cells + at, from->cells + at, count * sizeof(*to->cells));
}

void grid_take_rest(struct grid *grid, const struct grid *other)
{
    assert(grid->rows == other->rows && grid->cols == other->cols && other->spill.len == 0);
    copy_rows(grid, other, 0, grid->mark.top);
    copy_rows(grid, other, grid->mark.end, grid->rows);
    grid->cursor_row = other->cursor_row;
    grid->cursor_col = other->cursor_col;
    grid->cursor_visible = other->cursor_visible;
}

bool grid_mark_same(const struct grid *a, const struct grid *b)
{
    return a->rows == b->rows && a->cols == b->cols && same_mark(&a->mark, &b->mark);
}

static bool inside(const struct grid *grid, int row, int col)
{
    return row >= 0 && row < grid->rows && col >= 0 && col < grid->cols;
}

static struct cell *cell_at(const struct grid *grid, int row, int col)
{
    assert(inside(grid, row, col));
    return &grid->cells[row * grid->cols + col];
}

const struct cell *grid_cell(const struct grid *grid, int row, int col)
{
    return cell_at(grid, row, col);
}

const char *grid_cell_text(const struct grid *grid, const struct cell *cell, size_t *len)
{
    *len = cell->len;
    if (cell->len <= CELL_INLINE_BYTES)
        return cell->text;
    uint32_t at;
    memcpy(&at, cell->text, sizeof(at));
    return grid->spill.data + at;
}

bool grid_cell_same(const struct grid *a, const struct cell *cell_a, const struct grid *b,
                    const struct cell *cell_b)
{
    if (cell_a->len <= CELL_INLINE_BYTES)
        return memcmp(cell_a, cell_b, sizeof(*cell_a)) == 0;
    size_t len_a, len_b;
    const char *text_a = grid_cell_text(a, cell_a, &len_a);
    const char *text_b = grid_cell_text(b, cell_b, &len_b);
    return len_a == len_b && memcmp(text_a, text_b, len_a) == 0 && cell_a->width == cell_b->width &&
           memcmp(&cell_a->style, &cell_b->style, sizeof(cell_a->style)) == 0;
}

/* Gives the cell its cluster; a long one lies in the spill. */
static void cell_set_text(struct grid *grid, struct cell *cell, const char *text, size_t len)
{
    if (len > CELL_MAX_BYTES)
        len = text_cut_bytes(text, len, CELL_MAX_BYTES);
    memset(cell->text, 0, sizeof(cell->text));
    if (len <= CELL_INLINE_BYTES) {
        memcpy(cell->text, text, len);
    } else {
        uint32_t at = (uint32_t)grid->spill.len;
        if (!str_add(&grid->spill, text, len)) {
            cell_set_text(grid, cell, "\xef\xbf\xbd", 3);
            return;
        }
        memcpy(cell->text, &at, sizeof(at));
    }
    cell->len = (uint8_t)len;
}

/* Blanks what would be left as half of a wide cell when columns col..end-1 are overwritten. */
static void free_halves(struct grid *grid, int row, int col, int end)
{
    if (cell_at(grid, row, col)->width == 0 && col > 0) {
        struct cell *left = cell_at(grid, row, col - 1);
        *left = blank(left->style);
    }
    if (end < grid->cols && cell_at(grid, row, end)->width == 0) {
        struct cell *right = cell_at(grid, row, end);
        *right = blank(right->style);
    }
}

/* Writes one harmless cluster of width 1 or 2, which fits. */
static void put_cluster(struct grid *grid, int row, int col, const char *text, size_t len,
                        int width, struct style style)
{
    free_halves(grid, row, col, col + width);
    struct cell *cell = cell_at(grid, row, col);
    *cell = (struct cell){.style = style, .width = (uint8_t)width};
    cell_set_text(grid, cell, text, len);
    if (width == 2)
        *cell_at(grid, row, col + 1) = (struct cell){.style = style};
}

/* Writes the clusters of one byte and one cell at the front, as many as fit, and returns how many. */
static int put_plain(struct grid *grid, int row, int col, int end, const char *text, size_t len,
                     struct style style)
{
    size_t room = (size_t)(end - col), count = text_plain(text, len < room ? len : room);
    /* What comes behind the last may be a mark that belongs to it. */
    if (count > 0 && count < len && (text[count] & 0x80))
        count--;
    if (count == 0)
        return 0;
    struct cell cell = blank(style);
    free_halves(grid, row, col, col + (int)count);
    struct cell *to = cell_at(grid, row, col);
    for (size_t i = 0; i < count; i++) {
        cell.text[0] = text[i];
        to[i] = cell;
    }
    return (int)count;
}

/* As grid_put() for text that is harmless. */
static int put_harmless(struct grid *grid, int row, int col, int end, const char *text, size_t len,
                        struct style style)
{
    for (size_t at = 0; at < len;) {
        int plain =
            col >= 0 && col < end ? put_plain(grid, row, col, end, text + at, len - at, style) : 0;
        col += plain;
        at += (size_t)plain;
        if (plain > 0)
            continue;
        size_t next = text_cluster_next(text, len, at);
        int width = (int)text_cluster_width(text + at, next - at);
        if (col + width > end)
            break;
        /* A mark without a base has no cell to be drawn in. */
        if (width > 0 && col >= 0)
            put_cluster(grid, row, col, text + at, next - at, width, style);
        col += width;
        at = next;
    }
    return col;
}

int grid_put(struct grid *grid, int row, int col, int end, const char *text, size_t len,
             struct style style)
{
    if (end > grid->cols)
        end = grid->cols;
    if (row < 0 || row >= grid->rows)
        return col;
    if (text_is_harmless(text, len))
        return put_harmless(grid, row, col, end, text, len, style);
    struct str harmless;
    /* At worst a byte becomes three. */
    str_init(&harmless, len * 3);
    text_harmless(&harmless, text, len);
    col = put_harmless(grid, row, col, end, harmless.data, harmless.len, style);
    str_release(&harmless);
    return col;
}

int grid_puts(struct grid *grid, int row, int col, int end, const char *text, struct style style)
{
    return grid_put(grid, row, col, end, text, strlen(text), style);
}

void grid_fill(struct grid *grid, int row, int col, int end, struct style style)
{
    col = col < 0 ? 0 : col;
    end = end > grid->cols ? grid->cols : end;
    if (row < 0 || row >= grid->rows || col >= end)
        return;
    free_halves(grid, row, col, end);
    for (; col < end; col++)
        *cell_at(grid, row, col) = blank(style);
}

void grid_cursor(struct grid *grid, int row, int col)
{
    grid->cursor_row = clamp(row, 0, grid->rows - 1);
    grid->cursor_col = clamp(col, 0, grid->cols - 1);
    grid->cursor_visible = true;
}

static void add_address(struct str *out, const char *address, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)address[i];
        str_addf(out, byte > ' ' && byte < 0x7f ? "%c" : "%%%02X", byte);
    }
}

/* Its hash, folded. */
static uint16_t number_of(const char *address)
{
    uint32_t hash = hash_fnv32(HASH_FNV32, address, strlen(address));
    return (uint16_t)(1 + (hash ^ hash >> 16) % UINT16_MAX);
}

uint16_t grid_link(struct grid *grid, const char *address, size_t len)
{
    struct grid_links *links = &grid->links;
    uint32_t from = (uint32_t)links->text.len;
    if (len > LINK_MAX_BYTES / 3)
        return 0;
    add_address(&links->text, address, len);
    const char *added = links->text.data + from;
    uint16_t id = number_of(added);
    const char *same = grid_link_address(grid, id);
    if (same || links->count == GRID_MAX_LINKS) {
        /* Another one of the same number goes without. */
        id = same && strcmp(same, added) == 0 ? id : 0;
        str_cut(&links->text, from);
        return id;
    }
    links->ids[links->count] = id;
    links->at[links->count++] = from;
    str_add(&links->text, "", 1);
    return id;
}

const char *grid_link_address(const struct grid *grid, uint16_t link)
{
    for (int i = 0; i < grid->links.count; i++)
        if (grid->links.ids[i] == link)
            return grid->links.text.data + grid->links.at[i];
    return NULL;
}
