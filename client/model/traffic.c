#include "client/model/traffic.h"

#include "client/model/fold.h"
#include "client/model/mention.h"
#include "client/model/traffic_inner.h"
#include "common/alloc.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    NOTICE_TEXT_MAX_BYTES = 300,
};

struct buffer *traffic_buffer(struct model *model, enum buffer_kind kind, const char *name)
{
    struct buffer *buffer = model_open(model, kind, name);
    bool untouched = !model->chosen && model->current->kind == BUFFER_SERVER &&
                     !model_is_begun(model, model->current);
    if (untouched && kind == BUFFER_ROOM)
        model_switch(model, buffer);
    changed(model);
    return buffer;
}

void traffic_close(struct model *model, struct buffer *buffer)
{
    if (buffer->kind == BUFFER_SERVER)
        return;
    size_t i = 0;
    while (model->buffers[i] != buffer)
        i++;
    if (buffer == model->current) {
        struct buffer *previous = model_find_id(model, model->previous);
        model_switch(model, previous && previous != buffer ? previous : model->buffers[i - 1]);
    }
    model->buffer_count--;
    memmove(&model->buffers[i], &model->buffers[i + 1],
            (model->buffer_count - i) * sizeof(*model->buffers));
    buffer_free(buffer);
    changed(model);
}

/* What waits to be said there goes to where it is found under the new name. */
static void redirect_intents(struct model *model, const struct buffer *buffer, const char *name)
{
    for (size_t i = 0; i < model->intents.len; i++) {
        struct intent *intent = ring_at(&model->intents, i);
        if (!intent->target || model_find(model, intent->target) != buffer)
            continue;
        free(intent->target);
        intent->target = xstrdup(name);
    }
}

void traffic_name(struct model *model, struct buffer *buffer, const char *name)
{
    struct buffer *taken = model_find(model, name);
    if (buffer->kind == BUFFER_SERVER || (taken && taken != buffer))
        return;
    redirect_intents(model, buffer, name);
    buffer_set_name(buffer, name);
    changed(model);
}

/* Where the user looks is the loop's to judge: the terminal may say so in the same breath. */
static void notify(struct model *model, const struct buffer *buffer, const struct buffer_line *line)
{
    replace(&model->notice.nick, line->nick, LINE_NICK_MAX_BYTES);
    replace(&model->notice.text, line->text, NOTICE_TEXT_MAX_BYTES);
    replace(&model->notice.room, buffer->kind == BUFFER_ROOM ? buffer->name : "",
            BUFFER_NAME_MAX_BYTES);
    model->effects |= EFFECT_BELL;
}

/* As what a line that was said counts. */
static enum unread unread_kind(const struct buffer *buffer, const struct buffer_line *line)
{
    bool private = buffer->kind == BUFFER_PERSON && line->kind != LINE_NOTICE;
    return line->mention || private ? UNREAD_MENTION : UNREAD_TALK;
}

static void count_unread(struct model *model, struct buffer *buffer, const struct buffer_line *line)
{
    bool seen = buffer == model->current && model->focused && model->peeked_from == 0;
    if (seen || line->own)
        return;
    if (!line_is_talk(line)) {
        buffer->unread[UNREAD_EVENT]++;
        return;
    }
    enum unread kind = unread_kind(buffer, line);
    buffer->unread[kind]++;
    if (buffer->first_unread == 0)
        buffer->first_unread = line->id;
    if (kind == UNREAD_MENTION)
        notify(model, buffer, line);
}

bool traffic_is_ignored(const struct model *model, const char *nick)
{
    return patterns_match(&model->settings.ignore, nick);
}

/* Whether it answers what the user said. */
static bool answers_me(const struct buffer *buffer, const struct buffer_line *line)
{
    const struct buffer_line *asked = buffer_find_msgid(buffer, line->more->reply_to);
    return asked && asked->own;
}

static struct buffer_line *new_line(struct model *model, const struct buffer *buffer,
                                    const struct heard *heard)
{
    struct buffer_line *line =
        line_new(++model->last_line_id, heard->time_ms, heard->kind, heard->nick, heard->text);
    line->own = heard->own;
    line_set_runs(line, heard->runs, heard->n_runs);
    line_set_reply(line, heard->reply_to);
    bool said_by_others = line_is_talk(line) && !line->own;
    line->mention = said_by_others && (mention_in(line->text, model->nick) ||
                                       mention_of(line->text, &model->settings.highlight) ||
                                       answers_me(buffer, line));
    return line;
}

/* The line stands in its buffer. */
static void heard_line(struct model *model, struct buffer *buffer, struct buffer_line *line,
                       const struct heard *heard)
{
    if (line_is_talk(line))
        typists_drop(&buffer->typists, line->nick);
    buffer_set_msgid(buffer, line, heard->msgid);
    if (!heard->past)
        count_unread(model, buffer, line);
    changed(model);
}

void traffic_seed(struct model *model, uint64_t seed)
{
    model->seed = seed;
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct table *table = &model->buffers[i]->by_msgid;
        assert(table->len == 0);
        table_init(table, BUFFER_LINES_MAX, seed);
    }
}

uint64_t traffic_hear(struct model *model, struct buffer *buffer, const struct heard *heard)
{
    if (buffer_find_msgid(buffer, heard->msgid))
        return 0;
    struct buffer_line *line = new_line(model, buffer, heard);
    struct member *speaker = NULL;
    if (line_is_talk(line) && !line->own)
        speaker = members_find(&buffer->members, line->nick);
    if (speaker)
        speaker->spoke = line->id;
    line->quiet = fold_is_quiet(buffer, line);
    buffer_add(buffer, line);
    heard_line(model, buffer, line, heard);
    return line->id;
}

void traffic_tell(struct model *model, const struct heard *heard)
{
    struct heard aside = *heard;
    traffic_hear(model, model->current, heard);
    if (model->current == model->buffers[0])
        return;
    aside.kind = LINE_SERVER;
    aside.past = true;
    traffic_hear(model, model->buffers[0], &aside);
}

uint64_t traffic_insert(struct model *model, struct buffer *buffer, uint64_t behind,
                        const struct heard *heard)
{
    const struct buffer_line *known = buffer_find_msgid(buffer, heard->msgid);
    if (known)
        return known->id;
    struct buffer_line *line = new_line(model, buffer, heard);
    line->quiet = fold_is_quiet(buffer, line);
    if (!buffer_insert(buffer, buffer_index_behind(buffer, behind), line))
        return 0;
    buffer->inserted = line->id;
    heard_line(model, buffer, line, heard);
    return line->id;
}

void traffic_away(struct model *model, struct buffer *buffer, uint64_t line, int64_t away_ms)
{
    ptrdiff_t index = buffer_line_index(buffer, line);
    ptrdiff_t divider = buffer->first_unread ? buffer_line_index(buffer, buffer->first_unread) : -1;
    if (index >= 0 && (divider < 0 || divider > index))
        buffer->first_unread = line;
    buffer->away_ms = away_ms;
    changed(model);
}

/* Of the past nothing is noted: whoever prints it prints what has become of the message. */
static void note_event(struct model *model, const struct buffer *buffer,
                       const struct buffer_line *line, const char *nick, const char *text,
                       struct line_event event)
{
    if (event.time_ms == 0)
        return;
    event.behind = model->last_line_id;
    event.buffer = buffer->id;
    event.own = strcmp(nick, model->nick) == 0;
    line_events_note(&model->events, event, line, nick, text);
}

void traffic_react(struct model *model, struct buffer *buffer, const char *msgid, const char *nick,
                   const char *text, bool on, int64_t time_ms)
{
    const struct buffer_line *line = buffer_react(buffer, msgid, nick, text, on);
    const struct line_event event = {.kind = on ? LINE_EVENT_REACT : LINE_EVENT_UNREACT,
                                     .time_ms = time_ms};
    if (line)
        note_event(model, buffer, line, nick, text, event);
    changed(model);
}

void traffic_take_back(struct model *model, struct buffer *buffer, const char *msgid,
                       const char *nick, const char *why, int64_t time_ms)
{
    struct buffer_line *line = buffer_find_msgid(buffer, msgid);
    const struct line_event event = {.kind = LINE_EVENT_REMOVE, .time_ms = time_ms};
    if (!line)
        return;
    if (!line->more->removed)
        note_event(model, buffer, line, nick, why, event);
    struct str by;
    str_init(&by, LINE_TEXT_MAX_BYTES);
    str_addf(&by, "%s%s%s", nick, *why ? ": " : "", why);
    buffer_take_back(buffer, line, by.data);
    str_release(&by);
    changed(model);
}

void traffic_typing(struct model *model, struct buffer *buffer, const char *nick, int64_t now_ms,
                    int64_t until_ms)
{
    if (until_ms > now_ms)
        typists_set(&buffer->typists, nick, now_ms, until_ms);
    else
        typists_drop(&buffer->typists, nick);
    changed(model);
}

/* Below the divider: whether the line keeps it there. */
static bool is_unread(const struct buffer *buffer, const struct buffer_line *line)
{
    return line_is_talk(line) && !line->own && line->time_ms > buffer->read_ms;
}

void traffic_marked(struct buffer *buffer, int64_t read_ms)
{
    buffer->read_ms = read_ms > buffer->read_ms ? read_ms : buffer->read_ms;
}

void traffic_read(struct model *model, struct buffer *buffer, int64_t read_ms)
{
    ptrdiff_t found = buffer->first_unread ? buffer_line_index(buffer, buffer->first_unread) : -1;
    if (read_ms <= buffer->read_ms)
        return;
    traffic_marked(buffer, read_ms);
    if (found < 0)
        return;
    size_t i = (size_t)found, count = buffer_line_count(buffer);
    for (; i < count && !is_unread(buffer, buffer_line_at(buffer, i)); i++) {
        const struct buffer_line *line = buffer_line_at(buffer, i);
        size_t *unread = &buffer->unread[unread_kind(buffer, line)];
        *unread -= *unread > 0 && line_is_talk(line) && !line->own;
    }
    if (i < count)
        buffer->first_unread = buffer_line_at(buffer, i)->id;
    else
        buffer_mark_read(buffer);
    changed(model);
}

void traffic_older(struct model *model, struct buffer *buffer, enum older older)
{
    buffer->older = older;
    changed(model);
}

void traffic_member(struct model *model, struct buffer *buffer, const char *nick, char prefix)
{
    members_add(&buffer->members, nick, prefix);
    changed(model);
}

void traffic_member_gone(struct model *model, struct buffer *buffer, const char *nick)
{
    members_remove(&buffer->members, nick);
    typists_drop(&buffer->typists, nick);
    changed(model);
}

void traffic_member_renamed(struct model *model, struct buffer *buffer, const char *nick,
                            const char *new_nick)
{
    members_rename(&buffer->members, nick, new_nick);
    typists_drop(&buffer->typists, nick);
    changed(model);
}

void traffic_member_away(struct model *model, struct buffer *buffer, const char *nick, bool away)
{
    struct member *member = members_find(&buffer->members, nick);
    if (member)
        member->away = away;
    changed(model);
}

void traffic_members_clear(struct model *model, struct buffer *buffer)
{
    members_release(&buffer->members);
    changed(model);
}

bool traffic_is_member(const struct buffer *buffer, const char *nick)
{
    return members_find(&buffer->members, nick) != NULL;
}

void traffic_joined(struct model *model, struct buffer *buffer, bool joined)
{
    buffer->joined = joined;
    if (!joined)
        members_release(&buffer->members);
    changed(model);
}

void traffic_topic(struct model *model, struct buffer *buffer, const char *topic)
{
    buffer_set_topic(buffer, topic);
    changed(model);
}
