/* What part of the screen lies where: a pure function of the model and the size.
 *
 * What is least needed goes first as the screen shrinks: the members, the bar on top, the status
 * line; the editing line is the last to stay. */
#ifndef SNUG_CLIENT_VIEW_LAYOUT_H
#define SNUG_CLIENT_VIEW_LAYOUT_H

#include "client/model/model.h"

/* Columns of the pane; -1: not there. */
struct columns {
    int time;
    int mark;
    int nick, nick_width; /* -1: the nick stands in the text */
    int sign;
    int text;
};

struct layout {
    int rows, cols;
    int bar_row;             /* -1: none */
    int pane_top, pane_rows; /* of the lines, or those scrolled to */
    int tail_rows;           /* of the newest lines, below a rule, when scrolled up; 0: none */
    int pane_cols;
    int members_col; /* of the rule before the members; -1: none */
    int status_row;  /* -1: none */
    int edit_top, edit_rows;
    int prompt_cols;
    struct columns columns;
};

/* What lies in which column; which rows there are is left out, since it depends on the draft. */
struct layout layout_across(const struct model *model, int cols);

struct layout layout_of(const struct model *model, int rows, int cols);

/* What stands before the draft: the own nick, or the search under way. */
void layout_prompt(const struct model *model, struct str *out);

#endif
