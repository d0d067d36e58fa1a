/*
 * The model as lines, one after the other: for screen readers, for terminals that cannot place their
 * cursor, and for tiny ones.
 *
 * What is new is printed above the line being typed, which is taken away and written again; where the
 * terminal cannot take it away cleanly, what is new waits until nothing is being typed. Only the part
 * of the line that changed is written. Needs of the terminal nothing but carriage return, backspace
 * and newline; nothing printed is ever changed afterwards.
 *
 * Invariant: between two calls the cursor stands in the row of the line being typed.
 * Pure: knows no device.
 */
#ifndef SNUG_CLIENT_VIEW_LINEAR_H
#define SNUG_CLIENT_VIEW_LINEAR_H

#include "client/model/model.h"
#include "client/model/news.h"
#include "common/str.h"

struct linear {
    const char
        *erase; /* borrowed: what erases from the cursor to the end of its row; NULL: nothing */
    struct news news; /* what was not printed yet */
    uint64_t events;  /* up to that number they were printed */
    uint32_t buffer;  /* the one that the user was told he is in */
    uint64_t picked;  /* as he was told */
    struct str hint;  /* the last one printed, or the candidates of completion */
    struct str shown; /* the row of the line being typed */
    int cursor;       /* the cells before the cursor in it; -1: the row is to be written anew */
};

/* `erase` must outlive it. End: linear_release. */
void linear_init(struct linear *linear, const char *erase);
void linear_release(struct linear *linear);

/* The terminal shows something else, and its cursor is at the beginning of an empty row. */
void linear_forget(struct linear *linear);

/* Appends what is to be written to a terminal of so many columns. */
void linear_draw(struct linear *linear, const struct model *model, int cols, int64_t now_ms,
                 struct str *out);

/* When there will be something to print though nothing comes; 0: never. */
int64_t linear_next_ms(const struct linear *linear, int64_t now_ms);

#endif
