/* The bar on top: where you are, what it is about, who you are. */
#include "client/view/draw.h"

#include "common/text.h"

enum {
    BAR_MAX_BYTES = 2048,
};

void draw_bar(const struct draw *draw)
{
    const struct buffer *buffer = draw->model->current;
    const struct theme *theme = draw->theme;
    int row = draw->layout.bar_row, cols = draw->layout.cols;
    if (row < 0)
        return;
    grid_fill(draw->grid, row, 0, cols, theme->bar);
    struct str right;
    str_init(&right, BAR_MAX_BYTES);
    str_adds(&right, draw->model->nick);
    if (buffer->members.count > 1)
        str_addf(&right, " +%zu", buffer->members.count - 1);
    int right_col = cols - (int)text_width(right.data, right.len) - 1;
    /* On a narrow screen the room's name and topic come first. */
    if (right_col < cols / 2)
        right_col = cols;
    struct style name = theme->bar;
    name.attrs |= ATTR_BOLD;
    int col = grid_puts(draw->grid, row, 1, right_col - 1, buffer->name, name);
    grid_puts(draw->grid, row, col + 3, right_col - 2, buffer->topic, theme->bar);
    grid_puts(draw->grid, row, right_col, cols, right.data, theme->bar);
    str_release(&right);
}
