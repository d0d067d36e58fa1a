#include "client/model/scroll.h"

#include "client/model/fold.h"

/* A row of a line that is shown, by itself or for others. */
struct place {
    size_t index;
    int row;
};

static int rows_of(const struct model *model, size_t index)
{
    const struct buffer *buffer = model->current;
    int rows = model->measure.line_rows(model, buffer, index);
    return rows > 0 ? rows : 1;
}

/* The place so many rows above, or the very first. */
static struct place above(const struct model *model, struct place place, int rows)
{
    while (rows > place.row) {
        if (place.index == 0)
            return (struct place){0, 0};
        rows -= place.row + 1;
        place.index = fold_first(model->current, place.index - 1);
        place.row = rows_of(model, place.index) - 1;
    }
    place.row -= rows;
    return place;
}

/* The place so many rows below, or the very last. */
static struct place below(const struct model *model, struct place place, int rows)
{
    for (;;) {
        int left = rows_of(model, place.index) - 1 - place.row;
        if (rows <= left) {
            place.row += rows;
            return place;
        }
        size_t next = place.index + fold_count(model->current, place.index);
        if (next == buffer_line_count(model->current)) {
            place.row += left;
            return place;
        }
        rows -= left + 1;
        place.index = next;
        place.row = 0;
    }
}

static struct place last(const struct model *model)
{
    size_t index = fold_first(model->current, buffer_line_count(model->current) - 1);
    return (struct place){index, rows_of(model, index) - 1};
}

/* Where the pane's bottom row is now. */
static struct place bottom(const struct model *model)
{
    const struct scroll *scroll = &model->current->scroll;
    ptrdiff_t index = scroll->line ? buffer_line_index(model->current, scroll->line) : -1;
    if (scroll->line == 0)
        return last(model);
    /* The line was forgotten: what is left begins below it. */
    if (index < 0)
        return (struct place){0, 0};
    size_t first = fold_first(model->current, (size_t)index);
    int rows = rows_of(model, first);
    return (struct place){first, scroll->row < rows ? scroll->row : rows - 1};
}

static bool is_before(struct place a, struct place b)
{
    return a.index < b.index || (a.index == b.index && a.row < b.row);
}

static void scroll_set(struct model *model, struct place place)
{
    struct place first_full =
        below(model, (struct place){0, 0}, model->measure.pane_rows(model) - 1);
    if (is_before(place, first_full))
        place = first_full;
    struct scroll *scroll = &model->current->scroll;
    *scroll = (struct scroll){0};
    if (is_before(place, last(model)))
        *scroll = (struct scroll){buffer_line_at(model->current, place.index)->id, place.row};
}

/* The top is near, and somebody may know what was before. */
static void want_older(struct model *model)
{
    struct buffer *buffer = model->current;
    struct place top = above(model, bottom(model), 2 * model->measure.pane_rows(model));
    bool near = top.index == 0 && top.row == 0, room = buffer_line_count(buffer) < BUFFER_LINES_MAX;
    bool has_past = buffer->kind == BUFFER_ROOM || buffer->kind == BUFFER_PERSON;
    if (near && room && has_past && buffer->older == OLDER_PERHAPS &&
        model->connection == CONNECTION_ONLINE &&
        model_intend(model, INTENT_OLDER, 0, buffer->name, NULL))
        buffer->older = OLDER_ASKED;
}

void scroll_by(struct model *model, int rows)
{
    if (buffer_line_count(model->current) == 0)
        return;
    struct place place = bottom(model);
    scroll_set(model, rows > 0 ? above(model, place, rows) : below(model, place, -rows));
    if (rows > 0)
        want_older(model);
}

void scroll_pages(struct model *model, int pages)
{
    int page = model->measure.pane_rows(model) - 1;
    scroll_by(model, pages * (page > 1 ? page : 1));
}

void scroll_to_end(struct model *model)
{
    model->current->scroll = (struct scroll){0};
}

/* With one of so many parts of the pane above it. */
static void put(struct model *model, uint64_t line, int parts)
{
    ptrdiff_t index = buffer_line_index(model->current, line);
    if (index < 0)
        return;
    /* Scrolled, the pane has fewer rows. */
    model->current->scroll = (struct scroll){line, 0};
    int rows = model->measure.pane_rows(model);
    struct place top = {fold_first(model->current, (size_t)index), 0};
    top = above(model, top, parts > 0 ? rows / parts : 0);
    scroll_set(model, below(model, top, rows - 1));
}

void scroll_to_line(struct model *model, uint64_t line)
{
    put(model, line, 0);
}

void scroll_around_line(struct model *model, uint64_t line)
{
    put(model, line, 3);
}

void scroll_show(struct model *model, uint64_t line)
{
    ptrdiff_t index = buffer_line_index(model->current, line);
    if (index < 0)
        return;
    size_t first = fold_first(model->current, (size_t)index);
    struct place begin = {first, 0}, end = {first, rows_of(model, first) - 1};
    struct place low = bottom(model);
    struct place top = above(model, low, model->measure.pane_rows(model) - 1);
    if (is_before(begin, top))
        scroll_to_line(model, line);
    else if (is_before(low, end))
        scroll_set(model, end);
}
