#include "client/model/pick.h"

#include "client/model/emoji.h"
#include "client/model/link.h"
#include "client/model/scroll.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

/* Reactions that are one key away. */
static const char *const usual[] = {"👍", "❤️", "😂", "🎉", "😮", "😢", "👀", "✅"};

enum { N_USUAL = sizeof(usual) / sizeof(usual[0]) };

static void stop(struct model *model)
{
    model->picked = 0;
    model->picking = PICKING_LINE;
    model->reaction_tabs = 0;
    str_reset(&model->reaction);
    scroll_to_end(model);
}

static bool has_link(const struct model *model, const struct buffer_line *line)
{
    (void)model;
    struct link_span link;
    return link_next(line->text, 0, &link);
}

static bool has_text(const struct model *model, const struct buffer_line *line)
{
    (void)model;
    return line->text[0] != '\0';
}

static bool has_msgid(const struct model *model, const struct buffer_line *line)
{
    (void)model;
    return line->msgid && !line->more->removed;
}

/* Any sign but that of a voice: servers let half-operators remove, too. */
static bool runs_room(const struct model *model, const struct buffer *buffer)
{
    const struct member *me = members_find(&buffer->members, model->nick);
    return me && (model->operates_server || !strchr(" +", me->prefix));
}

/* What others said only who runs the room may take back. */
static bool may_remove(const struct model *model, const struct buffer_line *line)
{
    return has_msgid(model, line) && (line->own || runs_room(model, model->current));
}

static void reply(struct model *model, const struct buffer_line *line)
{
    buffer_set_answers(model->current, line->msgid);
    model_hint(model, "what you say next is a reply to %.60s; Escape gives that up", line->nick);
    stop(model);
}

/* The nth emoji, from 1, whose name begins with the text or, ":tada", with what is behind its colon. */
static const struct emoji *nth_named(const char *text, size_t nth)
{
    const char *name = text + (*text == ':');
    for (size_t i = 0; i < emoji_count(); i++)
        if (strncmp(emoji_at(i)->name, name, strlen(name)) == 0 && --nth == 0)
            return emoji_at(i);
    return NULL;
}

/* What was chosen, or what ":tada:" stands for, or the text itself. */
static const char *reaction_text(const struct model *model)
{
    const struct str *text = &model->reaction;
    if (model->reaction_tabs > 0)
        return nth_named(text->data, model->reaction_tabs)->text;
    if (text->len < 3 || text->data[0] != ':' || text->data[text->len - 1] != ':')
        return text->data;
    char *name = xmemdup0(text->data + 1, text->len - 2);
    const char *emoji = emoji_find(name);
    free(name);
    return emoji ? emoji : text->data;
}

static void ask_reaction(struct model *model)
{
    struct str keys;
    str_init(&keys, HINT_MAX_BYTES);
    for (size_t i = 0; i < N_USUAL; i++)
        str_addf(&keys, "%zu %s ", i + 1, usual[i]);
    if (model->reaction_tabs > 0)
        model_hint(model, "react with %s %s: Enter sends it, Tab goes on, Escape ends",
                   reaction_text(model),
                   nth_named(model->reaction.data, model->reaction_tabs)->name);
    else if (model->reaction.len > 0)
        model_hint(model, "react with %s: Enter sends it, Tab completes it, Escape ends",
                   reaction_text(model));
    else
        model_hint(model, "%sor type one, then Enter", keys.data);
    str_release(&keys);
}

static void react(struct model *model, const struct buffer_line *line)
{
    (void)line;
    model->picking = PICKING_REACTION;
    ask_reaction(model);
}

static void ask_removal(struct model *model, const struct buffer_line *line)
{
    (void)line;
    model->picking = PICKING_REMOVAL;
    model_hint(model, "d again takes it back, for everybody; any other key leaves it");
}

static void copy_text(struct model *model, const char *text, size_t len)
{
    /* Wherever it is pasted, it must do no more than it does here. */
    struct str harmless;
    str_init(&harmless, LINE_TEXT_MAX_BYTES * 4);
    text_harmless(&harmless, text, len);
    free(model->copied);
    model->copied = str_detach(&harmless);
    model->effects |= EFFECT_COPY;
    model_hint(model, "copied, if the terminal allows it: %.100s", model->copied);
    stop(model);
}

static void copy(struct model *model, const struct buffer_line *line)
{
    copy_text(model, line->text, strlen(line->text));
}

static void copy_link(struct model *model, const struct buffer_line *line)
{
    struct link_span link;
    if (link_next(line->text, 0, &link))
        copy_text(model, line->text + link.from, link.to - link.from);
}

void pick_open(struct model *model, const char *link, size_t len)
{
    free(model->opened);
    model->opened = xmemdup0(link, len);
    model->effects |= EFFECT_OPEN;
    model_hint(model, "opening %.200s", model->opened);
}

static void open_link(struct model *model, const struct buffer_line *line)
{
    struct link_span link;
    if (link_next(line->text, 0, &link))
        pick_open(model, line->text + link.from, link.to - link.from);
    stop(model);
}

static const struct pick_row {
    char letter;
    const char *help;
    unsigned ability; /* without it the row is not there */
    bool (*fits)(const struct model *model, const struct buffer_line *line);
    void (*run)(struct model *model, const struct buffer_line *line);
} rows[] = {
    {'r', "reply", ABLE_REPLY, has_msgid, reply},
    {'e', "react", ABLE_REACT, has_msgid, react},
    {'d', "remove", ABLE_REMOVE, may_remove, ask_removal},
    {'c', "copy", 0, has_text, copy},
    {'l', "copy link", 0, has_link, copy_link},
    {'o', "open link", 0, has_link, open_link},
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

static bool is_there(const struct model *model, const struct buffer_line *line,
                     const struct pick_row *row)
{
    /* What was found stands elsewhere, too. */
    bool here = row->ability == 0 || model->current->kind != BUFFER_FOUND;
    return here && (row->ability & ~model->abilities) == 0 && row->fits(model, line);
}

static void say_keys(struct model *model, const struct buffer_line *line)
{
    struct str keys;
    str_init(&keys, HINT_MAX_BYTES);
    for (size_t i = 0; i < N_ROWS; i++)
        if (is_there(model, line, &rows[i]))
            str_addf(&keys, "%c %s  ", rows[i].letter, rows[i].help);
    model_hint(model, "%sEscape ends", keys.data);
    str_release(&keys);
}

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
    model->picking = PICKING_LINE;
    model->reaction_tabs = 0;
    str_reset(&model->reaction);
    if (i >= count)
        model->picked = 0;
    else if (i >= 0)
        model->picked = buffer_line_at(buffer, (size_t)i)->id;
    if (model->picked == 0) {
        scroll_to_end(model);
        return;
    }
    scroll_show(model, model->picked);
    ptrdiff_t picked = buffer_line_index(buffer, model->picked);
    if (picked >= 0)
        say_keys(model, buffer_line_at(buffer, (size_t)picked));
}

/* The same again takes it away. */
static void send_reaction(struct model *model, const struct buffer_line *line, const char *text)
{
    bool there = reactions_have(&line->more->reactions, text, model->nick);
    model_intend_about(model, there ? INTENT_UNREACT : INTENT_REACT, line->msgid, text);
    stop(model);
}

static void rub_reaction(struct model *model)
{
    struct str *text = &model->reaction;
    str_cut(text, text_cluster_prev(text->data, text->len, text->len));
    model->reaction_tabs = 0;
    ask_reaction(model);
}

static void complete_reaction(struct model *model)
{
    if (nth_named(model->reaction.data, model->reaction_tabs + 1))
        model->reaction_tabs++;
    else if (model->reaction_tabs > 0)
        model->reaction_tabs = 1;
    ask_reaction(model);
}

static bool reaction_takes(struct model *model, const struct buffer_line *line,
                           const struct key *key)
{
    bool typed = key->press == PRESS_TEXT && key->mods == 0;
    bool digit = typed && key->len == 1 && *key->text >= '1' && *key->text < '1' + N_USUAL;
    if (digit && model->reaction.len == 0) {
        send_reaction(model, line, usual[*key->text - '1']);
    } else if (typed && text_is_harmless(key->text, key->len)) {
        str_add(&model->reaction, key->text, key->len);
        model->reaction_tabs = 0;
        ask_reaction(model);
    } else if (key->press == PRESS_TAB) {
        complete_reaction(model);
    } else if (key->press == PRESS_BACKSPACE) {
        rub_reaction(model);
    } else if (key->press == PRESS_ENTER && model->reaction.len > 0) {
        send_reaction(model, line, reaction_text(model));
    } else {
        stop(model);
        return key->press == PRESS_ESCAPE || key->press == PRESS_ENTER;
    }
    return true;
}

static bool removal_takes(struct model *model, const struct buffer_line *line,
                          const struct key *key)
{
    if (key->press == PRESS_TEXT && key->mods == 0 && key->len == 1 && *key->text == 'd')
        model_intend_about(model, INTENT_REMOVE, line->msgid, NULL);
    stop(model);
    return true;
}

static bool letter_takes(struct model *model, const struct buffer_line *line, const struct key *key)
{
    bool letter = key->press == PRESS_TEXT && key->mods == 0 && key->len == 1;
    for (size_t i = 0; i < N_ROWS && letter; i++) {
        if (rows[i].letter != *key->text)
            continue;
        if (is_there(model, line, &rows[i]))
            rows[i].run(model, line);
        else
            model_hint(model, "%s: not possible here", rows[i].help);
        return true;
    }
    stop(model);
    return key->press == PRESS_ESCAPE;
}

bool pick_takes(struct model *model, const struct key *key)
{
    bool moves = key->press == PRESS_UP || key->press == PRESS_DOWN;
    ptrdiff_t index = buffer_line_index(model->current, model->picked);
    if (index < 0) {
        stop(model);
        return false;
    }
    const struct buffer_line *line = buffer_line_at(model->current, (size_t)index);
    if (model->picking != PICKING_LINE && !has_msgid(model, line)) {
        stop(model);
        return false;
    }
    if (model->picking == PICKING_REACTION)
        return reaction_takes(model, line, key);
    if (model->picking == PICKING_REMOVAL)
        return removal_takes(model, line, key);
    if (!moves)
        return letter_takes(model, line, key);
    pick_move(model, key->press == PRESS_UP);
    return true;
}
