#include "client/model/speech.h"

#include "client/model/command.h"
#include "client/model/editor.h"
#include "client/model/format.h"
#include "client/model/history.h"
#include "client/model/scroll.h"
#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

/* Whether the row would be taken as a command: a slash and a word with no other slash in it, so
 * that "/etc/passwd is a path" can be said, and "/o\" is asked about; or a slash and nothing else. */
static bool looks_like_command(const char *row)
{
    if (row[0] != '/')
        return false;
    size_t word = strcspn(row + 1, "/ \n");
    bool lone = word == 0 && row[1 + strspn(row + 1, " ")] == '\0';
    return lone || (word > 0 && row[1 + word] != '/');
}

/* Where the slash stands that only says "this is no command", or NULL: the first of two, where the
 * second would make it a command. */
static const char *escape_in(const char *text)
{
    const char *slash = text + strspn(text, " ");
    return slash[0] == '/' && looks_like_command(slash + 1) ? slash : NULL;
}

static bool can_say(struct model *model, const struct buffer *buffer)
{
    if (buffer->kind == BUFFER_SERVER || buffer->kind == BUFFER_FOUND)
        model_hint(model, "nobody listens here: /join ROOM, or /msg NICK TEXT");
    else if (buffer->kind == BUFFER_ROOM && !buffer->joined &&
             model->connection == CONNECTION_ONLINE)
        model_hint(model, "you are not in %s: /join %s", buffer->name, buffer->name);
    else
        return true;
    return false;
}

static bool has_room(struct model *model, const struct buffer *buffer, size_t count)
{
    if (count <= model_intents_free(model) && buffer->pending + count <= BUFFER_PENDING_MAX)
        return true;
    model_hint(model, "%zu lines are still waiting to be sent; this stays here until there is room",
               model->intents.len);
    return false;
}

/* The caller has made sure that there is room. */
static void say(struct model *model, int64_t now_ms, struct buffer *buffer, enum intent_type type,
                const char *text)
{
    enum line_kind kind = type == INTENT_ACTION ? LINE_ACTION : LINE_TALK;
    struct buffer_line *line = format_line(++model->last_line_id, now_ms, kind, model->nick, text);
    line->own = true;
    line->state = LINE_PENDING;
    line_more(line)->origin.number = line->id;
    line_set_reply(line, buffer->answers);
    buffer_set_answers(buffer, NULL);
    buffer_add(buffer, line);
    model_intend_line(model, buffer, line, false);
    model_own_changed(model, line->id);
}

bool speech_say(struct model *model, int64_t now_ms, struct buffer *buffer, enum intent_type type,
                const char *text)
{
    if (!can_say(model, buffer) || !has_room(model, buffer, 1))
        return false;
    say(model, now_ms, buffer, type, text);
    return true;
}

/* The oldest own line that came to a bad end, or -1, with a hint. */
static ptrdiff_t find_undelivered(struct model *model)
{
    const struct buffer *buffer = model->current;
    for (size_t i = 0; i < buffer_line_count(buffer); i++) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        if (line->own && (line->state == LINE_UNSURE || line->state == LINE_FAILED))
            return (ptrdiff_t)i;
    }
    model_hint(model, "no line here is unsure or was refused");
    return -1;
}

void speech_again(struct model *model)
{
    struct buffer *buffer = model->current;
    ptrdiff_t index = find_undelivered(model);
    if (index < 0 || !can_say(model, buffer) || !has_room(model, buffer, 1))
        return;
    struct buffer_line *line = buffer_line_at(buffer, (size_t)index);
    buffer_set_state(buffer, (size_t)index, LINE_PENDING);
    model_intend_line(model, buffer, line, false);
    model_own_changed(model, line->id);
}

void speech_drop(struct model *model)
{
    ptrdiff_t index = find_undelivered(model);
    if (index < 0)
        return;
    uint64_t id = buffer_line_at(model->current, (size_t)index)->id;
    if (id == model->current->scroll.line)
        model->current->scroll = (struct scroll){0};
    buffer_remove(model->current, (size_t)index);
    model_own_changed(model, id);
}

static void forget_line(struct model *model, struct buffer *buffer, uint64_t id)
{
    ptrdiff_t index = buffer_line_index(buffer, id);
    if (index < 0)
        return;
    if (id == buffer->scroll.line)
        buffer->scroll = (struct scroll){0};
    buffer_remove(buffer, (size_t)index);
    model_own_changed(model, id);
}

size_t speech_stop(struct model *model)
{
    struct buffer *buffer = model->current;
    struct str text;
    struct intent intent;
    size_t stopped = 0;
    str_init(&text, EDITOR_MAX_BYTES);
    /* Once round the queue: what stays is put behind. */
    for (size_t left = model->intents.len; left > 0; left--) {
        ring_pop_front(&model->intents, &intent);
        bool ours = intent.type == INTENT_SAY && !intent.again &&
                    buffer == model_find(model, intent.target);
        if (ours && text.len + 1 + strlen(intent.text) <= EDITOR_MAX_BYTES) {
            str_addf(&text, "%s%s", stopped > 0 ? "\n" : "", intent.text);
            forget_line(model, buffer, intent.line);
            intent_release(&intent);
            stopped++;
        } else {
            ring_push(&model->intents, &intent, NULL);
        }
    }
    if (stopped > 0)
        editor_replace(buffer->draft, 0, 0, text.data, text.len);
    str_release(&text);
    return stopped;
}

static size_t row_len(const char *text)
{
    return strcspn(text, "\n");
}

static bool has_multiline(const struct model *model)
{
    return model->multiline_bytes > 0 && model->settings.multiline;
}

/* How many bytes of text one message holds, of several lines where there are such. */
static size_t piece_max_bytes(const struct model *model)
{
    if (!has_multiline(model))
        return SIZE_MAX;
    /* Lines are cut between words: three quarters of one are used at least. */
    size_t line_bytes = model->message_bytes * 3 / 4;
    size_t lines_max = model->multiline_lines < SIZE_MAX / (line_bytes + 1)
                           ? line_bytes * model->multiline_lines
                           : SIZE_MAX;
    return lines_max < model->multiline_bytes ? lines_max : model->multiline_bytes;
}

/* How much of a row that is too long goes into one piece; a server may say that it takes nothing. */
static size_t cut_row(const char *row, size_t len, size_t max_bytes)
{
    size_t cut = text_cut_bytes(row, len, max_bytes);
    return cut > 0 ? cut : text_cluster_next(row, len, 0);
}

/* How many bytes at `at` go into one piece: rows, up to the limits, empty ones between them included; at
 * least a part of the first one. */
static size_t piece_len(const struct model *model, const char *at)
{
    size_t max = piece_max_bytes(model), len = row_len(at), rows = 1;
    if (len > max)
        return cut_row(at, len, max);
    while (at[len] && has_multiline(model)) {
        size_t gap = strspn(at + len, "\n"), row = row_len(at + len + gap);
        rows += gap + (model->message_bytes > 0 ? row * 4 / 3 / model->message_bytes : 0);
        if (row == 0 || len + gap + row > max || rows > model->multiline_lines)
            break;
        len += gap + row;
    }
    return len;
}

/* The next line to be said of a text: a row, or as many as go into one message. *text moves behind it.
 * False: there is nothing left. */
static bool next_piece(const struct model *model, const char **text, struct str *piece)
{
    const char *at = *text + strspn(*text, "\n");
    if (*at == '\0')
        return false;
    size_t len = piece_len(model, at);
    str_reset(piece);
    str_add(piece, at, len);
    *text = at + len;
    return true;
}

static size_t count_pieces(const struct model *model, const char *text)
{
    struct str piece;
    size_t count = 0;
    str_init(&piece, EDITOR_MAX_BYTES);
    while (next_piece(model, &text, &piece))
        count++;
    str_release(&piece);
    return count;
}

size_t speech_rows(const struct model *model)
{
    size_t count = 0;
    const char *text = editor_text(model->current->draft, NULL);
    for (text += strspn(text, "\n"); *text; text += strspn(text, "\n")) {
        text += row_len(text);
        count++;
    }
    return count;
}

size_t speech_count(const struct model *model)
{
    const char *text = editor_text(model->current->draft, NULL);
    size_t count = 0, max = model->message_bytes;
    if (has_multiline(model))
        return count_pieces(model, text);
    for (; *text; text += strspn(text, "\n")) {
        size_t len = row_len(text);
        count += max > 0 ? (len + max - 1) / max : len > 0;
        text += len;
    }
    return count;
}

/* Says all of the text that is not empty, or nothing. */
static bool say_rows(struct model *model, int64_t now_ms, const char *text)
{
    struct buffer *buffer = model->current;
    struct str piece;
    size_t count = count_pieces(model, text);
    if (!can_say(model, buffer) || !has_room(model, buffer, count))
        return false;
    buffer->said = buffer->pending > 0 ? buffer->said : 0;
    buffer->said += count > 1 || buffer->said > 0 ? count : 0;
    str_init(&piece, EDITOR_MAX_BYTES);
    while (next_piece(model, &text, &piece))
        say(model, now_ms, buffer, INTENT_SAY, piece.data);
    str_release(&piece);
    scroll_to_end(model);
    return true;
}

static bool say_unescaped(struct model *model, int64_t now_ms, const char *text)
{
    const char *escape = escape_in(text);
    if (!escape)
        return say_rows(model, now_ms, text);
    char *plain = xstrdup(text);
    size_t at = (size_t)(escape - text);
    memmove(plain + at, plain + at + 1, strlen(plain + at));
    bool done = say_rows(model, now_ms, plain);
    free(plain);
    return done;
}

/* True: the text was acted on. */
static bool act_on(struct model *model, int64_t now_ms, const char *text)
{
    const char *start = text + strspn(text, " ");
    if (!looks_like_command(start))
        return say_unescaped(model, now_ms, text);
    if (start == text && !strchr(text, '\n')) {
        scroll_to_end(model); /* where its answer stands */
        return command_run(model, now_ms, text + 1);
    }
    int word = (int)strcspn(start, " \n");
    if (start != text)
        model_hint(model, "remove the blank to run %.*s, or begin with two slashes to say it",
                   word < 40 ? word : 40, start);
    else
        model_hint(model, "a command is one line; begin with two slashes to say this");
    return false;
}

void speech_enter(struct model *model, int64_t now_ms)
{
    struct buffer *buffer = model->current;
    size_t len;
    const char *draft = editor_text(buffer->draft, &len);
    if (count_pieces(model, draft) == 0)
        return;
    /* A command may make another buffer current, or close this one. */
    uint32_t id = buffer->id;
    char *text = xmemdup0(draft, len);
    if (act_on(model, now_ms, text) && (buffer = model_find_id(model, id)) != NULL) {
        if (text[0] != '/' || !command_is_secret(text + 1))
            history_add(buffer->history, text, len);
        editor_reset(buffer->draft);
    }
    free(text);
}
