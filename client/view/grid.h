/* A screenful of cells: what lies between the model and the terminal.
 *
 * Invariant: a cell of width 2 is followed in its row by one of width 0, its right half; no cell
 * holds a control byte or invalid UTF-8, whatever was put there. Knows neither the model nor the
 * terminal. */
#ifndef SNUG_CLIENT_VIEW_GRID_H
#define SNUG_CLIENT_VIEW_GRID_H

#include "common/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GRID_MAX_SIDE = 1000, /* rows or columns; a larger terminal is drawn in part */
    CELL_INLINE_BYTES = 18,
    CELL_MAX_BYTES = 64, /* of one cluster; further combining marks are left out */
    GRID_MAX_LINKS = 256,
    LINK_MAX_BYTES =
        2000, /* a longer one is no link on the screen; nor would it be in most terminals */
};

/* A colour is 0 (the terminal's own), COLOUR_INDEXED | 0..255, or COLOUR_RGB | 0xrrggbb. */
#define COLOUR_DEFAULT UINT32_C(0)
#define COLOUR_INDEXED UINT32_C(0x01000000)
#define COLOUR_RGB UINT32_C(0x02000000)

enum attr {
    ATTR_BOLD = 1,
    ATTR_DIM = 2,
    ATTR_ITALIC = 4,
    ATTR_UNDERLINE = 8,
    ATTR_REVERSE = 16,
    ATTR_STRIKE = 32,
};

struct style {
    uint32_t fg, bg;
    uint16_t attrs; /* of enum attr */
    uint16_t link;  /* of grid_link(); 0: none */
};

/* Fields are for grid.c and its inline readers; others ask grid_cell_text(). */
struct cell {
    struct style style;
    uint8_t width;                /* 1, 2, or 0 for the right half of the cell before */
    uint8_t len;                  /* bytes of its cluster */
    char text[CELL_INLINE_BYTES]; /* the cluster, or where it lies in the grid's spill */
};

/* What the rows top..end-1 hold, as a number that whoever drew them chose: grids of one size with the
 * same mark have the same cells there. */
struct grid_mark {
    uint64_t of;    /* 0: nothing is known */
    uint64_t shape; /* of what is drawn there, whatever it shows */
    int top, end;
};

struct grid {
    int rows, cols;
    struct grid_mark mark;
    struct cell *cells; /* row by row */
    struct str spill;   /* clusters longer than a cell */
    struct grid_links {
        uint16_t ids[GRID_MAX_LINKS];
        uint32_t at[GRID_MAX_LINKS]; /* where each begins in `text`, ended by a NUL */
        int count;
        struct str text;
    } links;
    int cursor_row, cursor_col;
    bool cursor_visible;
};

/* An empty grid of 0 rows; grid_release gives back what it owns. */
void grid_init(struct grid *grid);
void grid_release(struct grid *grid);

/* Clamps a number of rows or columns to 1..GRID_MAX_SIDE. */
int grid_side(int side);

/* Makes it rows x cols (each clamped to 1..GRID_MAX_SIDE) blank cells. */
void grid_resize(struct grid *grid, int rows, int cols);

/* Blanks every cell, hides the cursor and forgets the mark. */
void grid_clear(struct grid *grid);

/* As grid_resize, then gives it that mark. True: it had it before, its rows are still there, and all
 * else is blank. */
bool grid_begin(struct grid *grid, int rows, int cols, const struct grid_mark *mark);

/* Makes it of the size of another one, and blank outside of the rows of that one's mark, which need not
 * hold the same in both. False, and it is as it was: there is no such mark, or its shape is another. */
bool grid_begin_rest(struct grid *grid, const struct grid *other, uint64_t shape);

/* Gives it the cursor and the rows outside of its mark of another one, which was begun so and has room
 * for its clusters in its cells. */
void grid_take_rest(struct grid *grid, const struct grid *other);

/* Whether what both hold in the rows of the mark is the same. */
bool grid_mark_same(const struct grid *a, const struct grid *b);

/* The cell at that place, which must lie inside. */
const struct cell *grid_cell(const struct grid *grid, int row, int col);

/* The cell's cluster, borrowed until the grid changes; *len is 0 for a right half. */
const char *grid_cell_text(const struct grid *grid, const struct cell *cell, size_t *len);

/* Whether two cells, each of its own grid, look the same. */
bool grid_cell_same(const struct grid *a, const struct cell *cell_a, const struct grid *b,
                    const struct cell *cell_b);

/* Writes the text's clusters from there on, as far as they fit before column `end`, and returns the
 * column after the last one. A wide cluster that would be cut is left out. What lies outside the
 * grid is not written. What could act on a terminal is made visible, as text_harmless() does. */
int grid_put(struct grid *grid, int row, int col, int end, const char *text, size_t len,
             struct style style);
int grid_puts(struct grid *grid, int row, int col, int end, const char *text, struct style style);

/* The number, never 0 and the same in every grid, by which cells are linked to that address: 0 where it
 * is too long, or there are too many. What is no printable ASCII in it is written as %XX. */
uint16_t grid_link(struct grid *grid, const char *address, size_t len);

/* The address of that number, borrowed until the grid changes; NULL: there is none. */
const char *grid_link_address(const struct grid *grid, uint16_t link);

/* Gives the columns col..end-1 blanks of that style. */
void grid_fill(struct grid *grid, int row, int col, int end, struct style style);

/* Places the cursor (clamped to the grid) and shows it. */
void grid_cursor(struct grid *grid, int row, int col);

#endif
