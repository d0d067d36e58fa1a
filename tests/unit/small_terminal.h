/* A terminal that knows what our screen writes, and nothing else: an unknown sequence fails the test. What
 * it makes of clusters whose width is doubtful is its own opinion. */
#ifndef SNUG_TESTS_UNIT_SMALL_TERMINAL_H
#define SNUG_TESTS_UNIT_SMALL_TERMINAL_H

#include <stdbool.h>

#include "client/term/screen.h"
#include "common/str.h"

enum { TERMINAL_MAX_ROWS = 12, TERMINAL_MAX_COLS = 40 };

/* How wide the terminal thinks a doubtful cluster is. */
enum opinion { AS_WE_DO, EVERY_CODE_POINT_BY_ITSELF, ALWAYS_ONE };

struct shown_cell {
    char text[CELL_MAX_BYTES + 1]; /* "" for the right half of a wide one */
    struct style style;
    bool wide;
};

struct terminal {
    int rows, cols, row, col;
    struct style pen;
    bool cursor_visible, wraps;
    enum opinion opinion;
    struct shown_cell cells[TERMINAL_MAX_ROWS][TERMINAL_MAX_COLS];
};

/* Has that size from now on, and shows nothing of use. */
void terminal_resize(struct terminal *t, int rows, int cols);

/* Does what was written to it. */
void terminal_feed(struct terminal *t, const struct str *out);

#endif
