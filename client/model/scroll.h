/* Moving through the lines of the current buffer, by rows of the screen.
 *
 * The position is tied to a line, not to a distance from the end: what arrives does not move it. */
#ifndef SNUG_CLIENT_MODEL_SCROLL_H
#define SNUG_CLIENT_MODEL_SCROLL_H

#include "client/model/model.h"

/* Moves up by so many rows, or down when negative; stops at the top, and at the end follows what
 * arrives again. */
void scroll_by(struct model *model, int rows);

/* So many pages less one row. */
void scroll_pages(struct model *model, int pages);

void scroll_to_end(struct model *model);

/* Puts that line at the top of the pane, or as near to it as the lines below allow. */
void scroll_to_line(struct model *model, uint64_t line);

/* The same with some lines above it, as much as a third of the pane, to show what it is about. */
void scroll_around_line(struct model *model, uint64_t line);

/* Scrolls to the line, unless it is shown already. */
void scroll_show(struct model *model, uint64_t line);

#endif
