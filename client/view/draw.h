/* The parts of the screen, each drawn into its place; what they all need to know. */
#ifndef SNUG_CLIENT_VIEW_DRAW_H
#define SNUG_CLIENT_VIEW_DRAW_H

#include "client/model/model.h"
#include "client/view/grid.h"
#include "client/view/layout.h"
#include "client/view/theme.h"

/* What stands in a column of the status line. */
struct pointing {
    int col;
    struct buffer *buffer; /* NULL: none */
};

struct draw {
    const struct model *model;
    const struct theme *theme;
    struct layout layout;
    int64_t now_ms;
    struct grid *grid;
    struct pointing *pointing; /* NULL: nobody asks */
};

void draw_pane(const struct draw *draw);    /* pane.c: the lines */
void draw_members(const struct draw *draw); /* members.c: the members */
void draw_bar(const struct draw *draw);     /* bar.c: room and topic */
void draw_status(const struct draw *draw);  /* status.c: hint, activity, connection */
void draw_draft(const struct draw *draw);   /* draft.c: the line being typed, and the cursor */

/* The first row that draw_status takes: above the status line where a hint is wider than the screen, which
 * then covers a part of the pane; -1: it takes none. */
int draw_status_top(const struct draw *draw);

/* The style of a run (its colours are encoded as the grid's) on top of another style. */
struct style draw_run_style(const struct theme *theme, const struct line_run *run,
                            struct style style);

/* How many rows of the pane line `index`, which must not be hidden, fills for itself and those it
 * stands for (see fold.h), its divider included. */
int pane_line_rows(const struct layout *layout, const struct buffer *buffer, size_t index);

#endif
