#include "client/model/find.h"

#include "client/model/editor.h"
#include "client/model/found.h"
#include "client/model/scroll.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

void find_free(struct find *find)
{
    if (!find)
        return;
    free(find->words);
    free(find->key);
    free(find);
}

static bool has(const char *text, const char *key, struct str *folded)
{
    str_reset(folded);
    return text_fold(folded, text, strlen(text)) && strstr(folded->data, key);
}

/* In what the server found every message is one. */
static bool is_found(const struct buffer *buffer, const struct buffer_line *line, const char *key,
                     struct str *folded)
{
    if (buffer->kind == BUFFER_FOUND)
        return line_is_talk(line);
    return has(line->text, key, folded) || has(line->nick, key, folded);
}

/* The nearest line with the words from index `from` on in that direction, or -1. */
static ptrdiff_t seek(const struct buffer *buffer, const char *key, ptrdiff_t from, int step)
{
    struct str folded;
    str_init(&folded, LINE_TEXT_MAX_BYTES * 4);
    ptrdiff_t count = (ptrdiff_t)buffer_line_count(buffer), i = from;
    while (i >= 0 && i < count &&
           !is_found(buffer, buffer_line_at(buffer, (size_t)i), key, &folded))
        i += step;
    str_release(&folded);
    return i >= 0 && i < count ? i : -1;
}

static void go_to(struct model *model, ptrdiff_t index)
{
    model->find->line = buffer_line_at(model->current, (size_t)index)->id;
    scroll_around_line(model, model->find->line);
    model_hint(model, FIND_KEYS);
}

/* The search goes on there. */
static void switch_to(struct model *model, struct buffer *buffer)
{
    struct find *find = model->find;
    model->find = NULL; /* that of the buffer that is left ends */
    model_switch(model, buffer);
    model->find = find;
}

static ptrdiff_t newest(const struct buffer *buffer, const char *key)
{
    return seek(buffer, key, (ptrdiff_t)buffer_line_count(buffer) - 1, -1);
}

/* The lines of the server's buffer were never said: there all that may be read is searched. */
static bool ask_server(struct model *model, const char *words)
{
    const struct buffer *buffer = model->current;
    if (!(model->abilities & ABLE_SEARCH) || buffer->kind == BUFFER_FOUND ||
        model->connection != CONNECTION_ONLINE)
        return false;
    return model_intend(model, INTENT_SEARCH, 0,
                        buffer->kind == BUFFER_SERVER ? NULL : buffer->name, words);
}

bool find_start(struct model *model, const char *words)
{
    struct find *find = xcalloc(1, sizeof(*find));
    find->words = xstrdup(words);
    find->key = member_key(words);
    find->where = model->current->id;
    find->asked = ask_server(model, words);
    ptrdiff_t index = newest(model->current, find->key);
    if (index < 0 && !find->asked) {
        find_free(find);
        model_hint(model, "no line here has %.60s", words);
        return false;
    }
    find_free(model->find);
    model->find = find;
    if (index >= 0)
        go_to(model, index);
    else
        model_hint(model, "no line here has %.60s: asking the server for older ones", words);
    return true;
}

/* What the server found is older than all that is at hand. */
static void go_to_found(struct model *model)
{
    struct find *find = model->find;
    struct buffer *found = found_buffer(model);
    ptrdiff_t index = found && find->found > 0 ? newest(found, find->key) : -1;
    if (find->asked) {
        model_hint(model, "the server has not answered yet");
    } else if (index >= 0) {
        switch_to(model, found);
        go_to(model, index);
    } else {
        model_hint(model, "no older line has it");
    }
}

static void ask_for_more(struct model *model)
{
    struct find *find = model->find;
    if (!find->asked && find->more)
        find->asked = model_intend(model, INTENT_SEARCH_ON, 0, NULL, NULL);
    model_hint(model, find->asked ? "asking the server for older ones" : "there are no older ones");
}

/* Back to the oldest one that is at hand. */
static void go_back(struct model *model)
{
    struct buffer *buffer = model_find_id(model, model->find->where);
    ptrdiff_t index = buffer ? seek(buffer, model->find->key, 0, 1) : -1;
    if (index < 0) {
        model_hint(model, "no newer line has it");
        return;
    }
    switch_to(model, buffer);
    go_to(model, index);
}

void find_next(struct model *model, bool older)
{
    struct find *find = model->find;
    int step = older ? -1 : 1;
    bool in_found = model->current->kind == BUFFER_FOUND;
    ptrdiff_t here = find->line ? buffer_line_index(model->current, find->line) : -1;
    ptrdiff_t index = here < 0 ? -1 : seek(model->current, find->key, here + step, step);
    if (index >= 0)
        go_to(model, index);
    else if (older && in_found)
        ask_for_more(model);
    else if (older)
        go_to_found(model);
    else if (in_found)
        go_back(model);
    else
        model_hint(model, "no newer line has it");
}

/* n and C-r, as in the search of the line; N */
static bool goes_on(const struct key *key, bool *older)
{
    bool letter = key->press == PRESS_TEXT && key->len == 1;
    *older = letter && ((key->mods == 0 && *key->text == 'n') ||
                        (key->mods == MOD_CTRL && *key->text == 'r'));
    return *older || (letter && key->mods == 0 && *key->text == 'N');
}

bool find_takes(struct model *model, const struct key *key)
{
    bool older;
    if (editor_empty(model->current->draft) && goes_on(key, &older)) {
        find_next(model, older);
        return true;
    }
    bool scrolls = key->press == PRESS_PGUP || key->press == PRESS_PGDN ||
                   key->press == PRESS_WHEEL_UP || key->press == PRESS_WHEEL_DOWN;
    if (scrolls)
        return false;
    struct buffer *where = model_find_id(model, model->find->where);
    find_free(model->find);
    model->find = NULL;
    if (key->press != PRESS_ESCAPE)
        return false;
    scroll_to_end(model);
    if (model->current->kind == BUFFER_FOUND && where)
        model_switch(model, where);
    return true;
}
