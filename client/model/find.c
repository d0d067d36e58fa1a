#include "client/model/find.h"

#include "client/model/editor.h"
#include "client/model/scroll.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

void find_free(struct find *find)
{
    if (!find)
        return;
    free(find->key);
    free(find);
}

static bool has(const char *text, const char *key, struct str *folded)
{
    str_reset(folded);
    return text_fold(folded, text, strlen(text)) && strstr(folded->data, key);
}

/* The nearest line with the word from index `from` on in that direction, or -1. */
static ptrdiff_t seek(const struct buffer *buffer, const char *key, ptrdiff_t from, int step)
{
    struct str folded;
    str_init(&folded, LINE_TEXT_MAX_BYTES * 4);
    ptrdiff_t count = (ptrdiff_t)buffer_line_count(buffer), i = from;
    while (i >= 0 && i < count) {
        const struct buffer_line *line = buffer_line_at(buffer, (size_t)i);
        if (has(line->text, key, &folded) || has(line->nick, key, &folded))
            break;
        i += step;
    }
    str_release(&folded);
    return i >= 0 && i < count ? i : -1;
}

static void go_to(struct model *model, ptrdiff_t index)
{
    model->find->line = buffer_line_at(model->current, (size_t)index)->id;
    scroll_to_line(model, model->find->line);
    model_hint(model, "n goes on, N back, Escape ends");
}

bool find_start(struct model *model, const char *word)
{
    struct find *find = xcalloc(1, sizeof(*find));
    find->key = member_key(word);
    ptrdiff_t last = (ptrdiff_t)buffer_line_count(model->current) - 1;
    ptrdiff_t index = seek(model->current, find->key, last, -1);
    if (index < 0) {
        find_free(find);
        model_hint(model, "no line here has %.60s", word);
        return false;
    }
    find_free(model->find);
    model->find = find;
    go_to(model, index);
    return true;
}

void find_next(struct model *model, bool older)
{
    struct find *find = model->find;
    int step = older ? -1 : 1;
    ptrdiff_t here = buffer_line_index(model->current, find->line);
    ptrdiff_t index = seek(model->current, find->key, here + step, step);
    if (here < 0 || index < 0)
        model_hint(model, "no %s line has it", older ? "older" : "newer");
    else
        go_to(model, index);
}

bool find_takes(struct model *model, const struct key *key)
{
    bool letter = key->press == PRESS_TEXT && key->mods == 0 && key->len == 1;
    if (letter && editor_empty(model->current->draft) && (*key->text == 'n' || *key->text == 'N')) {
        find_next(model, *key->text == 'n');
        return true;
    }
    bool scrolls = key->press == PRESS_PGUP || key->press == PRESS_PGDN ||
                   key->press == PRESS_WHEEL_UP || key->press == PRESS_WHEEL_DOWN;
    if (scrolls)
        return false;
    find_free(model->find);
    model->find = NULL;
    if (key->press != PRESS_ESCAPE)
        return false;
    scroll_to_end(model);
    return true;
}
