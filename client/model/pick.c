#include "client/model/pick.h"

#include "client/model/link.h"
#include "client/model/scroll.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

void pick_move(struct model *model, bool older)
{
    const struct buffer *buffer = model->current;
    ptrdiff_t count = (ptrdiff_t)buffer_line_count(buffer);
    ptrdiff_t i = model->picked ? buffer_line_index(buffer, model->picked) : count;
    if (i < 0)
        i = count;
    do
        i += older ? -1 : 1;
    while (i >= 0 && i < count && !line_is_talk(buffer_line_at(buffer, (size_t)i)));
    if (i >= count)
        model->picked = 0;
    else if (i >= 0)
        model->picked = buffer_line_at(buffer, (size_t)i)->id;
    if (model->picked == 0) {
        scroll_to_end(model);
        return;
    }
    scroll_show(model, model->picked);
    model_hint(model, "c copies it, l its link; M-Up, M-Down pick another; Escape ends");
}

static void copy(struct model *model, const char *text, size_t len)
{
    /* Wherever it is pasted, it must do no more than it does here. */
    struct str harmless;
    str_init(&harmless, LINE_TEXT_MAX_BYTES * 4);
    text_harmless(&harmless, text, len);
    free(model->copied);
    model->copied = str_detach(&harmless);
    model->wishes |= WISH_COPY;
    model_hint(model, "copied, if the terminal lets us: %.100s", model->copied);
}

static void copy_link(struct model *model, const char *text)
{
    struct link_span link;
    if (link_next(text, 0, &link))
        copy(model, text + link.from, link.to - link.from);
    else
        model_hint(model, "there is no link in it");
}

bool pick_takes(struct model *model, const struct key *key)
{
    bool letter = key->press == PRESS_TEXT && key->mods == 0 && key->len == 1;
    bool moves = key->press == PRESS_UP || key->press == PRESS_DOWN;
    ptrdiff_t index = buffer_line_index(model->current, model->picked);
    if (moves && index >= 0) {
        pick_move(model, key->press == PRESS_UP);
        return true;
    }
    model->picked = 0;
    scroll_to_end(model);
    if (index < 0)
        return false;
    const char *text = buffer_line_at(model->current, (size_t)index)->text;
    if (letter && *key->text == 'c')
        copy(model, text, strlen(text));
    else if (letter && *key->text == 'l')
        copy_link(model, text);
    else
        return key->press == PRESS_ESCAPE;
    return true;
}
