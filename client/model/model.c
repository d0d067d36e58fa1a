#include "client/model/model.h"

#include "client/model/chord.h"
#include "client/model/completion.h"
#include "client/model/editor.h"
#include "client/model/find.h"
#include "client/model/history.h"
#include "client/model/isearch.h"
#include "client/model/keymap.h"
#include "client/model/kill_ring.h"
#include "client/model/pick.h"
#include "common/alloc.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static int ten_rows(const struct model *model)
{
    (void)model;
    return 10;
}

static int one_row(const struct model *model, const struct buffer *buffer, size_t index)
{
    (void)model, (void)buffer, (void)index;
    return 1;
}

static struct buffer *no_buffer(const struct model *model, int64_t now_ms, int row, int col)
{
    (void)model, (void)now_ms, (void)row, (void)col;
    return NULL;
}

static const struct measure measure_simple = {ten_rows, one_row, no_buffer};

struct model *model_new(const char *server, const char *nick, const struct measure *measure)
{
    struct model *model = xcalloc(1, sizeof(*model));
    model->buffers = xcalloc(BUFFERS_MAX, sizeof(*model->buffers));
    model->nick = line_cut(nick, LINE_NICK_MAX_BYTES);
    model->server = line_cut(server, BUFFER_NAME_MAX_BYTES);
    model->room_signs[0] = '#';
    model->lag_ms = -1;
    model->focused = true;
    settings_init(&model->settings);
    model->kill_ring = kill_ring_new();
    model->measure = measure ? *measure : measure_simple;
    model->rows = 24, model->cols = 80;
    str_init(&model->hint, HINT_MAX_BYTES);
    str_init(&model->reaction, REACTION_MAX_BYTES);
    ring_init(&model->intents, sizeof(struct intent), INTENTS_MAX + INTENTS_SPARE);
    ring_init(&model->own_changes.lines, sizeof(uint64_t), OWN_CHANGES_MAX);
    line_events_init(&model->events);
    model->current = model_open(model, BUFFER_SERVER, server);
    return model;
}

/* Both work on the draft and the history of the current buffer. */
static void end_modes(struct model *model)
{
    completion_free(model->completion);
    model->completion = NULL;
    isearch_free(model->isearch);
    model->isearch = NULL;
    model->chord = false;
    model->picked = 0;
    model->picking = PICKING_LINE;
    model->reaction_tabs = 0;
    str_reset(&model->reaction);
    find_free(model->find);
    model->find = NULL;
}

void model_free(struct model *model)
{
    struct intent intent;
    while (model_take_intent(model, &intent))
        intent_release(&intent);
    ring_release(&model->intents);
    ring_release(&model->own_changes.lines);
    line_events_release(&model->events);
    for (size_t i = 0; i < model->buffer_count; i++)
        buffer_free(model->buffers[i]);
    free(model->buffers);
    free(model->nick);
    free(model->server);
    free(model->offline_why);
    str_release(&model->hint);
    settings_release(&model->settings);
    free(model->copied);
    free(model->opened);
    free(model->notice.nick);
    free(model->notice.text);
    free(model->notice.room);
    end_modes(model);
    str_release(&model->reaction);
    kill_ring_free(model->kill_ring);
    free(model);
}

bool model_is_room(const struct model *model, const char *name)
{
    return name[0] && strchr(model->room_signs, name[0]);
}

char *model_room_name(const struct model *model, const char *wanted)
{
    struct str name;
    str_init(&name, BUFFER_NAME_MAX_BYTES);
    bool bare = isalnum((unsigned char)wanted[0]) || (unsigned char)wanted[0] >= 0x80;
    const char *sign = model_is_room(model, "#") ? "#" : model->room_signs;
    if (!str_addf(&name, "%.*s%s", bare ? 1 : 0, sign, wanted))
        str_add(&name, wanted, strnlen(wanted, BUFFER_NAME_MAX_BYTES));
    return str_detach(&name);
}

struct buffer *model_find(const struct model *model, const char *name)
{
    char *key = member_key(name);
    struct buffer *found = NULL;
    /* The server's buffer is not looked for: a person may have its name. */
    for (size_t i = 1; i < model->buffer_count && !found; i++)
        if (strcmp(model->buffers[i]->key, key) == 0)
            found = model->buffers[i];
    free(key);
    return found;
}

struct buffer *model_find_id(const struct model *model, uint32_t id)
{
    for (size_t i = 0; i < model->buffer_count; i++)
        if (model->buffers[i]->id == id)
            return model->buffers[i];
    return NULL;
}

struct buffer *model_open(struct model *model, enum buffer_kind kind, const char *name)
{
    struct buffer *buffer = model_find(model, name);
    if (buffer)
        return buffer;
    if (model->buffer_count == BUFFERS_MAX)
        return model->buffers[0];
    buffer = buffer_new(++model->last_buffer_id, kind, name, model->seed);
    model->buffers[model->buffer_count++] = buffer;
    return buffer;
}

void model_switch(struct model *model, struct buffer *buffer)
{
    model->chosen = true;
    if (buffer == model->current)
        return;
    end_modes(model);
    struct buffer *left = model->current;
    if (model->peeked_from != 0)
        left = model_find_id(model, model->peeked_from);
    model->peeked_from = 0;
    if (left && left != buffer) {
        buffer_mark_read(left);
        model->previous = left->id;
    }
    model->current = buffer;
    memset(buffer->unread, 0, sizeof(buffer->unread));
}

void model_peek(struct model *model, struct buffer *buffer)
{
    if (buffer == model->current)
        return;
    end_modes(model);
    if (model->peeked_from == 0)
        model->peeked_from = model->current->id;
    model->current = buffer;
}

void model_stay(struct model *model)
{
    struct buffer *left = model_find_id(model, model->peeked_from);
    if (model->peeked_from == 0)
        return;
    model->peeked_from = 0;
    if (left) {
        buffer_mark_read(left);
        model->previous = left->id;
    }
    memset(model->current->unread, 0, sizeof(model->current->unread));
}

bool model_is_begun(const struct model *model, const struct buffer *buffer)
{
    bool here = buffer == model->current && (model->isearch || model->find || model->completion ||
                                             model->picked || model->chord);
    return here || editor_in_use(buffer->draft);
}

void model_hint(struct model *model, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_reset(&model->hint);
    if (!str_addv(&model->hint, format, args))
        str_adds(&model->hint, "this cannot be done, and the reason is too long to say");
    va_end(args);
}

void model_note(struct model *model, struct buffer *buffer, int64_t now_ms, const char *format, ...)
{
    struct str text;
    str_init(&text, LINE_TEXT_MAX_BYTES);
    va_list args;
    va_start(args, format);
    str_addv(&text, format, args);
    va_end(args);
    buffer_add(buffer, line_new(++model->last_line_id, now_ms, LINE_NOTE, NULL, text.data));
    str_release(&text);
}

bool model_intend(struct model *model, enum intent_type type, uint64_t line, const char *target,
                  const char *text)
{
    if (model_intents_free(model) == 0)
        return false;
    struct intent intent = {
        .type = type,
        .buffer = model->current->id,
        .line = line,
        .target = target ? xstrdup(target) : NULL,
        .text = text ? xstrdup(text) : NULL,
    };
    ring_push(&model->intents, &intent, NULL);
    return true;
}

bool model_intend_about(struct model *model, enum intent_type type, const char *msgid,
                        const char *text)
{
    if (!model_intend(model, type, 0, model->current->name, text)) {
        model_hint(model, "too much is waiting to be sent; try again when it has been");
        return false;
    }
    struct intent *intent = ring_at(&model->intents, model->intents.len - 1);
    intent->about = xstrdup(msgid);
    return true;
}

bool model_intend_line(struct model *model, const struct buffer *buffer,
                       const struct buffer_line *line, bool again)
{
    if (ring_full(&model->intents))
        return false;
    struct intent intent = {
        .type = line->kind == LINE_ACTION ? INTENT_ACTION : INTENT_SAY,
        .buffer = model->current->id,
        .line = line->id,
        .origin = line->more->origin,
        .again = again,
        .target = xstrdup(buffer->name),
        .text = xstrdup(line_typed(line)),
        .about = line->more->reply_to ? xstrdup(line->more->reply_to) : NULL,
    };
    ring_push(&model->intents, &intent, NULL);
    return true;
}

void model_own_changed(struct model *model, uint64_t line)
{
    ring_push(&model->own_changes.lines, &line, NULL);
    model->own_changes.count++;
}

size_t model_intents_free(const struct model *model)
{
    return model->intents.len < INTENTS_MAX ? INTENTS_MAX - model->intents.len : 0;
}

bool model_take_intent(struct model *model, struct intent *intent)
{
    return ring_pop_front(&model->intents, intent);
}

unsigned model_take_effects(struct model *model)
{
    unsigned effects = model->effects;
    model->effects = 0;
    return effects;
}

void model_resize(struct model *model, int rows, int cols)
{
    model->rows = rows;
    model->cols = cols;
    model->changes.by_keys++;
}

/* Keys that the user did not press leave hint and completion alone. */
static bool key_is_report(const struct key *key)
{
    return key->press == PRESS_FOCUS_IN || key->press == PRESS_FOCUS_OUT;
}

/* True: the key belonged to the search under way. */
static bool search_takes(struct model *model, const struct key *key)
{
    enum isearch_result result = isearch_key(model->isearch, key);
    if (result == ISEARCH_GOES_ON)
        return true;
    if (result != ISEARCH_DROPPED) {
        size_t len;
        editor_text(model->current->draft, &len);
        const char *match = model->isearch->match;
        editor_replace(model->current->draft, 0, len, match, strlen(match));
    }
    isearch_free(model->isearch);
    model->isearch = NULL;
    return result != ISEARCH_ENDED;
}

static void edit(struct model *model, const struct key *key)
{
    struct buffer *buffer = model->current;
    enum editor_result result = editor_key(buffer->draft, model->kill_ring, key);
    const char *other = NULL;
    if (result == EDITOR_FULL)
        model_hint(model, "a line has at most %d KiB; this does not fit", EDITOR_MAX_BYTES / 1024);
    else if (result == EDITOR_AT_TOP)
        other = history_up(buffer->history, editor_text(buffer->draft, NULL));
    else if (result == EDITOR_AT_BOTTOM)
        other = history_down(buffer->history);
    if (!other)
        return;
    size_t len;
    editor_text(buffer->draft, &len);
    editor_replace(buffer->draft, 0, len, other, strlen(other));
}

/* Those of the key table that pick. */
static bool is_picking_key(const struct key *key)
{
    return key->mods == MOD_ALT && (key->press == PRESS_UP || key->press == PRESS_DOWN);
}

/* Typing, the most usual of all. */
static bool is_for_draft(const struct model *model, const struct key *key)
{
    return (key->press == PRESS_TEXT || key->press == PRESS_BACKSPACE) && key->mods == 0 &&
           !model->isearch && !model->picked && !model->find && !model->completion &&
           model->peeked_from == 0;
}

void model_key(struct model *model, int64_t now_ms, const struct key *key)
{
    model->changes.by_keys++;
    model->changes.of_draft += is_for_draft(model, key);
    if (!key_is_report(key)) {
        str_reset(&model->hint);
        if (model->chord && chord_takes(model, key))
            return;
        if (model->isearch && search_takes(model, key))
            return;
        if (model->picked && !is_picking_key(key) && pick_takes(model, key))
            return;
        if (model->find && find_takes(model, key))
            return;
        if (model->completion && !completion_goes_on(key)) {
            completion_free(model->completion);
            model->completion = NULL;
        }
    }
    bool asked = model->asked_to_leave;
    if (!keymap_run(model, now_ms, key)) {
        model_stay(model);
        edit(model, key);
    }
    if (asked && !key_is_report(key))
        model->asked_to_leave = false;
}

void model_check(const struct model *model)
{
    assert(model->buffer_count > 0 && model->buffers[0]->kind == BUFFER_SERVER);
    bool found = false;
    for (size_t i = 0; i < model->buffer_count; i++) {
        buffer_check(model->buffers[i]);
        found = found || model->buffers[i] == model->current;
    }
    assert(found);
    (void)found;
}
