/*
 * What the terminal shows, and the bytes that make it show the next grid.
 *
 * Invariant: after screen_draw's bytes were written the terminal shows the grid that was given,
 * whatever width the terminal thinks a doubtful cluster has: such rows are written anew with the
 * cursor placed absolutely behind each of them, unless the terminal has said that it thinks as we do.
 * One that draws the parts of a cluster beside each other gets the first of them. No control byte of a
 * cell ever becomes part of the output, whatever the grid holds.
 * Pure: knows no device. Terminal and screen must have the same size.
 */
#ifndef SNUG_CLIENT_TERM_SCREEN_H
#define SNUG_CLIENT_TERM_SCREEN_H

#include <stdbool.h>

#include "client/term/caps.h"
#include "client/term/probe.h"
#include "client/view/grid.h"
#include "common/str.h"

struct screen {
    const struct caps *caps; /* borrowed */
    struct grid shown;
    bool known; /* whether `shown` is what the terminal shows */
    struct style pen;
    bool pen_known;
    int row, col; /* where the terminal's cursor is; -1: not known */
    bool cursor_visible;
    struct widths widths; /* as far as the terminal has said them */
};

/* Begins with a terminal whose content is not known. `caps` must outlive it. End: screen_release. */
void screen_init(struct screen *screen, const struct caps *caps);

/* Gives the memory back. */
void screen_release(struct screen *screen);

/* Takes what the terminal thinks of widths, and forgets what it shows. */
void screen_widths(struct screen *screen, const struct widths *widths);

/* Forgets what the terminal shows: the next draw clears it and paints all. */
void screen_forget(struct screen *screen);

/*
 * Appends to `out` what turns the terminal's content into `next`, nothing if it is that already.
 * `next` is taken over and holds the former content afterwards. Should `out` overflow, what the
 * terminal shows is forgotten.
 */
void screen_draw(struct screen *screen, struct grid *next, struct str *out);

/* The same, but the rows of the mark of `shown` stay as they are: `next`, which is borrowed, was begun by
 * grid_begin_rest(). What the terminal shows must be known. */
void screen_draw_rest(struct screen *screen, const struct grid *next, struct str *out);

#endif
