#include "client/model/buffer.h"

#include "client/model/editor.h"
#include "client/model/history.h"
#include "common/alloc.h"
#include "common/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A reaction that came before its message. */
struct early {
    char *msgid, *nick, *text;
    bool on;
};

static void early_release(struct early *early)
{
    free(early->msgid);
    free(early->nick);
    free(early->text);
}

struct buffer *buffer_new(uint32_t id, enum buffer_kind kind, const char *name, uint64_t seed)
{
    struct buffer *buffer = xcalloc(1, sizeof(*buffer));
    buffer->id = id;
    buffer->kind = kind;
    buffer_set_name(buffer, name);
    buffer->topic = xstrdup("");
    ring_init(&buffer->lines, sizeof(struct buffer_line *), BUFFER_LINES_MAX);
    table_init(&buffer->by_msgid, BUFFER_LINES_MAX, seed);
    ring_init(&buffer->early, sizeof(struct early), BUFFER_EARLY_MAX);
    buffer->draft = editor_new();
    buffer->history = history_new();
    return buffer;
}

void buffer_free(struct buffer *buffer)
{
    for (size_t i = 0; i < buffer->lines.len; i++)
        line_free(buffer_line_at(buffer, i));
    ring_release(&buffer->lines);
    for (struct early early; ring_pop_front(&buffer->early, &early);)
        early_release(&early);
    ring_release(&buffer->early);
    free(buffer->answers);
    table_release(&buffer->by_msgid);
    members_release(&buffer->members);
    typists_release(&buffer->typists);
    editor_free(buffer->draft);
    history_free(buffer->history);
    free(buffer->name);
    free(buffer->key);
    free(buffer->topic);
    free(buffer);
}

void buffer_set_name(struct buffer *buffer, const char *name)
{
    free(buffer->name);
    free(buffer->key);
    buffer->name = line_cut(name, BUFFER_NAME_MAX_BYTES);
    buffer->key = member_key(buffer->name);
}

void buffer_set_topic(struct buffer *buffer, const char *topic)
{
    free(buffer->topic);
    buffer->topic = line_cut(topic, BUFFER_TOPIC_MAX_BYTES);
}

size_t buffer_line_count(const struct buffer *buffer)
{
    return buffer->lines.len;
}

struct buffer_line *buffer_line_at(const struct buffer *buffer, size_t i)
{
    return *(struct buffer_line **)ring_at(&buffer->lines, i);
}

ptrdiff_t buffer_line_index(const struct buffer *buffer, uint64_t line)
{
    /* From the end: who asks mostly asks for a recent line. */
    for (size_t i = buffer->lines.len; i-- > 0;)
        if (buffer_line_at(buffer, i)->id == line)
            return (ptrdiff_t)i;
    return -1;
}

/* Moves the line at `from` to `to`; those between make room. */
static void buffer_move_line(struct buffer *buffer, size_t from, size_t to)
{
    struct buffer_line *line = buffer_line_at(buffer, from);
    while (from != to) {
        size_t next = from < to ? from + 1 : from - 1;
        *(struct buffer_line **)ring_at(&buffer->lines, from) = buffer_line_at(buffer, next);
        from = next;
    }
    *(struct buffer_line **)ring_at(&buffer->lines, to) = line;
}

/* A line that is in the ring no more. */
static void buffer_let_go(struct buffer *buffer, struct buffer_line *line)
{
    buffer->line_bytes -= strlen(line->text);
    if (line->msgid)
        table_remove(&buffer->by_msgid, line->msgid, strlen(line->msgid));
    line_free(line);
}

static void buffer_forget_oldest(struct buffer *buffer)
{
    struct buffer_line *oldest;
    if (!ring_pop_front(&buffer->lines, &oldest))
        return;
    buffer_let_go(buffer, oldest);
}

void buffer_remove(struct buffer *buffer, size_t index)
{
    struct buffer_line *line = buffer_line_at(buffer, index);
    buffer->pending -= line->state == LINE_PENDING;
    buffer_move_line(buffer, index, buffer->lines.len - 1);
    ring_pop_back(&buffer->lines, NULL);
    buffer_let_go(buffer, line);
}

/* Whether there is something to forget, and the need to. */
static bool buffer_too_full(const struct buffer *buffer, size_t bytes_to_come)
{
    bool full =
        ring_full(&buffer->lines) || buffer->line_bytes + bytes_to_come > BUFFER_LINES_MAX_BYTES;
    return full && buffer->lines.len > buffer->pending;
}

/* A line that is in the ring now. */
static void buffer_count_in(struct buffer *buffer, const struct buffer_line *line)
{
    buffer->line_bytes += strlen(line->text);
    unsigned cols = line_is_talk(line) ? (unsigned)text_width(line->nick, strlen(line->nick)) : 0;
    if (cols > buffer->nick_cols)
        buffer->nick_cols = cols;
}

void buffer_add(struct buffer *buffer, struct buffer_line *line)
{
    size_t bytes = strlen(line->text);
    while (buffer_too_full(buffer, bytes))
        buffer_forget_oldest(buffer);
    assert(!ring_full(&buffer->lines));
    ring_push(&buffer->lines, &line, NULL);
    buffer_count_in(buffer, line);
    if (line->state == LINE_PENDING)
        buffer->pending++;
    else
        buffer_move_line(buffer, buffer->lines.len - 1, buffer->lines.len - 1 - buffer->pending);
}

bool buffer_insert(struct buffer *buffer, size_t index, struct buffer_line *line)
{
    size_t bytes = strlen(line->text);
    assert(line->state != LINE_PENDING && index <= buffer->lines.len - buffer->pending);
    for (; index > 0 && buffer_too_full(buffer, bytes); index--)
        buffer_forget_oldest(buffer);
    if (ring_full(&buffer->lines) || buffer->line_bytes + bytes > BUFFER_LINES_MAX_BYTES) {
        line_free(line);
        return false;
    }
    ring_push(&buffer->lines, &line, NULL);
    buffer_count_in(buffer, line);
    buffer_move_line(buffer, buffer->lines.len - 1, index);
    return true;
}

size_t buffer_index_behind(const struct buffer *buffer, uint64_t behind)
{
    size_t settled = buffer_line_count(buffer) - buffer->pending;
    size_t index = behind ? (size_t)(buffer_line_index(buffer, behind) + 1) : 0;
    return index < settled ? index : settled;
}

void buffer_move(struct buffer *buffer, size_t from, size_t to)
{
    size_t settled = buffer->lines.len - buffer->pending;
    assert(from < settled && to < settled);
    (void)settled;
    buffer_move_line(buffer, from, to);
}

/* What was said about the message before it came: once round the ring, what stays is put behind. */
static void take_early(struct buffer *buffer, struct buffer_line *line)
{
    struct early early;
    for (size_t left = buffer->early.len; left > 0; left--) {
        ring_pop_front(&buffer->early, &early);
        if (strcmp(early.msgid, line->msgid) != 0) {
            ring_push(&buffer->early, &early, NULL);
            continue;
        }
        reactions_set(&line_more(line)->reactions, early.text, early.nick, early.on);
        early_release(&early);
    }
}

void buffer_set_msgid(struct buffer *buffer, struct buffer_line *line, const char *msgid)
{
    size_t len = msgid ? strlen(msgid) : 0;
    if (line->msgid || len == 0 || len > LINE_MSGID_MAX_BYTES || buffer_find_msgid(buffer, msgid))
        return;
    line->msgid = xmemdup0(msgid, len);
    table_put(&buffer->by_msgid, line->msgid, len, line);
    take_early(buffer, line);
}

struct buffer_line *buffer_react(struct buffer *buffer, const char *msgid, const char *nick,
                                 const char *text, bool on)
{
    struct buffer_line *line = buffer_find_msgid(buffer, msgid);
    if (line)
        return reactions_set(&line_more(line)->reactions, text, nick, on) ? line : NULL;
    struct early forgotten, early = {xstrdup(msgid), xstrdup(nick), xstrdup(text), on};
    if (ring_full(&buffer->early) && ring_pop_front(&buffer->early, &forgotten))
        early_release(&forgotten);
    ring_push(&buffer->early, &early, NULL);
    return NULL;
}

void buffer_set_text(struct buffer *buffer, struct buffer_line *line, const char *text)
{
    buffer->line_bytes -= strlen(line->text);
    line_set_text(line, text);
    line_set_typed(line, NULL);
    buffer->line_bytes += strlen(line->text);
    line_set_runs(line, NULL, 0);
}

void buffer_take_back(struct buffer *buffer, struct buffer_line *line, const char *by)
{
    buffer_set_text(buffer, line, "");
    struct line_more *more = line_more(line);
    reactions_release(&more->reactions);
    free(more->removed);
    more->removed = line_cut(by, LINE_TEXT_MAX_BYTES);
}

void buffer_set_answers(struct buffer *buffer, const char *msgid)
{
    char *copy = msgid ? xstrdup(msgid) : NULL;
    free(buffer->answers);
    buffer->answers = copy;
}

struct buffer_line *buffer_find_msgid(const struct buffer *buffer, const char *msgid)
{
    return msgid ? table_get(&buffer->by_msgid, msgid, strlen(msgid)) : NULL;
}

void buffer_set_state(struct buffer *buffer, size_t index, enum line_state state)
{
    struct buffer_line *line = buffer_line_at(buffer, index);
    bool was_pending = line->state == LINE_PENDING;
    line->state = state;
    if (was_pending && state != LINE_PENDING) {
        buffer_move_line(buffer, index, buffer->lines.len - buffer->pending);
        buffer->pending--;
    } else if (!was_pending && state == LINE_PENDING) {
        buffer_move_line(buffer, index, buffer->lines.len - 1);
        buffer->pending++;
    }
}

void buffer_clear(struct buffer *buffer)
{
    while (buffer->lines.len > buffer->pending)
        buffer_forget_oldest(buffer);
    buffer->scroll = (struct scroll){0};
    buffer->nick_cols = 0;
    buffer_mark_read(buffer);
}

void buffer_mark_read(struct buffer *buffer)
{
    memset(buffer->unread, 0, sizeof(buffer->unread));
    buffer->first_unread = 0;
    buffer->away_ms = 0;
}

void buffer_check(const struct buffer *buffer)
{
    size_t bytes = 0, named = 0;
    assert(buffer->lines.len <= BUFFER_LINES_MAX && buffer->pending <= buffer->lines.len);
    for (size_t i = 0; i < buffer->lines.len; i++) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        assert((line->state == LINE_PENDING) == (i >= buffer->lines.len - buffer->pending));
        assert(!line->msgid || buffer_find_msgid(buffer, line->msgid) == line);
        bytes += strlen(line->text);
        named += line->msgid != NULL;
    }
    assert(bytes == buffer->line_bytes && named == buffer->by_msgid.len);
    (void)named;
    editor_check(buffer->draft);
}
