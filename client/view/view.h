/* The model drawn into a grid of any size, from 1x1 on.
 *
 * Pure: the same model, size and time give the same cells, and nothing is changed. Only visible
 * lines are wrapped. Knows no terminal. */
#ifndef SNUG_CLIENT_VIEW_VIEW_H
#define SNUG_CLIENT_VIEW_VIEW_H

#include "client/model/model.h"
#include "client/view/grid.h"
#include "client/view/theme.h"

/* Draws the whole screen; the grid is resized to rows x cols. Clock times are shown in the zone of
 * the process. */
void view_draw(const struct model *model, const struct theme *theme, int rows, int cols,
               int64_t now_ms, struct grid *grid);

/* As view_draw at the size of `shown`, but of what lies outside of the rows of its mark only, for
 * grid_take_rest(): lines, topic and members stay as they are there, so that what was typed need not
 * wait for what arrived. False: they cannot stay, and the grid holds nothing of use. */
bool view_draw_typing(const struct model *model, const struct theme *theme, int64_t now_ms,
                      const struct grid *shown, struct grid *grid);

/* When the drawing changes with no key and no traffic, as a countdown does: the time of the next
 * change, or 0. */
int64_t view_next_ms(const struct model *model, int64_t now_ms);

/* A line of a buffer as plain text without its time, harmless and in one row: for the line mode. With
 * its buffer it is said what the line answers; NULL: it is not. */
void view_plain_line(const struct buffer *buffer, const struct buffer_line *line, struct str *out);

/* The same, but each of its rows stays one, with a newline between them. */
void view_plain_rows(const struct buffer_line *line, struct str *out);

/* What a line says, in the same way, without the sign that sets it apart on a screen. */
void view_plain_remark(const struct buffer_line *line, struct str *out);

/* What was done to a message, in the same way. */
void view_plain_event(const struct line_event *event, struct str *out);

/* For model_new(). */
extern const struct measure view_measure;

#endif
