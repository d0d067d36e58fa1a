/* The members of the room, those with a role first. */
#include "client/view/draw.h"

#include <stdio.h>
#include <string.h>

static const char ranks[] = "~&@%+ ";

static int rank_of(const struct member *member)
{
    const char *rank = memchr(ranks, member->prefix, sizeof(ranks) - 1);
    return rank ? (int)(rank - ranks) : (int)sizeof(ranks) - 2;
}

static void draw_member(const struct draw *draw, int row, const struct member *member)
{
    int col = draw->layout.members_col + 2;
    char prefix[] = {member->prefix, '\0'};
    struct style style = theme_nick(draw->theme, member->nick);
    if (member->away)
        style.attrs |= ATTR_DIM;
    grid_puts(draw->grid, row, col, draw->layout.cols, prefix, (struct style){0});
    grid_puts(draw->grid, row, col + 1, draw->layout.cols, member->nick, style);
}

void draw_members(const struct draw *draw)
{
    const struct layout *layout = &draw->layout;
    if (layout->members_col < 0)
        return;
    int end = layout->status_row >= 0 ? layout->status_row : layout->edit_top;
    for (int row = layout->pane_top; row < end; row++)
        grid_puts(draw->grid, row, layout->members_col, layout->cols, "│", draw->theme->rule);
    const struct members *members = &draw->model->current->members;
    int row = layout->pane_top, rows = end - row;
    bool all = members->count <= (size_t)rows;
    int last = all ? end : end - 1;
    for (int rank = 0; rank < (int)sizeof(ranks) - 1 && row < last; rank++)
        for (size_t i = 0; i < members->count && row < last; i++)
            if (rank_of(&members->list[i]) == rank)
                draw_member(draw, row++, &members->list[i]);
    if (all)
        return;
    char more[32];
    snprintf(more, sizeof(more), "+%zu", members->count - (size_t)(rows - 1));
    grid_puts(draw->grid, last, layout->members_col + 3, layout->cols, more, draw->theme->rule);
}
