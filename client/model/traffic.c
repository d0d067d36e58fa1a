#include "client/model/traffic.h"

#include "client/model/editor.h"
#include "client/model/fold.h"
#include "client/model/mention.h"

#include <stdlib.h>
#include <string.h>

static void changed(struct model *model)
{
    model->changes.by_traffic++;
}

static void replace(char **string, const char *text, size_t max_bytes)
{
    free(*string);
    *string = text ? line_cut(text, max_bytes) : NULL;
}

struct buffer *traffic_buffer(struct model *model, enum buffer_kind kind, const char *name)
{
    struct buffer *buffer = model_open(model, kind, name);
    bool untouched = !model->chosen && model->current->kind == BUFFER_SERVER &&
                     editor_empty(model->current->draft) && !model->search;
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

void traffic_name(struct model *model, struct buffer *buffer, const char *name)
{
    struct buffer *taken = model_find(model, name);
    if (buffer->kind == BUFFER_SERVER || (taken && taken != buffer))
        return;
    buffer_set_name(buffer, name);
    changed(model);
}

static void count_unread(struct model *model, struct buffer *buffer, const struct buffer_line *line)
{
    bool seen = buffer == model->current && model->focused;
    if (seen || line->own)
        return;
    if (!line_is_talk(line)) {
        buffer->unread[UNREAD_EVENT]++;
        return;
    }
    bool for_me = line->mention || (buffer->kind == BUFFER_PERSON && line->kind != LINE_NOTICE);
    buffer->unread[for_me ? UNREAD_MENTION : UNREAD_TALK]++;
    if (buffer->first_unread == 0)
        buffer->first_unread = line->id;
    if (for_me)
        model->wishes |= WISH_BELL;
}

uint64_t traffic_hear(struct model *model, struct buffer *buffer, const struct heard *heard)
{
    struct buffer_line *line =
        line_new(++model->last_line_id, heard->time_ms, heard->kind, heard->nick, heard->text);
    line->own = heard->own;
    line_set_runs(line, heard->runs, heard->n_runs);
    if (line_is_talk(line) && !line->own) {
        line->mention = mention_in(line->text, model->nick);
        struct member *speaker = members_find(&buffer->members, line->nick);
        if (speaker)
            speaker->spoke = line->id;
    }
    line->quiet = fold_is_quiet(buffer, line);
    buffer_add(buffer, line);
    if (!heard->past)
        count_unread(model, buffer, line);
    changed(model);
    return line->id;
}

void traffic_settle(struct model *model, uint64_t id, enum line_state state, int64_t time_ms)
{
    for (size_t i = 0; i < model->buffer_count; i++) {
        struct buffer *buffer = model->buffers[i];
        ptrdiff_t index = buffer_line_index(buffer, id);
        if (index < 0)
            continue;
        if (time_ms != 0)
            buffer_line_at(buffer, (size_t)index)->time_ms = time_ms;
        buffer_set_state(buffer, (size_t)index, state);
        model_own_changed(model, id);
        changed(model);
        return;
    }
}

void traffic_sent(struct model *model, uint64_t id)
{
    for (size_t i = 0; i < model->buffer_count; i++) {
        ptrdiff_t index = buffer_line_index(model->buffers[i], id);
        if (index < 0)
            continue;
        buffer_line_at(model->buffers[i], (size_t)index)->sent = true;
        model_own_changed(model, id);
        return;
    }
}

size_t traffic_pending(const struct model *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->buffer_count; i++)
        count += model->buffers[i]->pending;
    return count;
}

void traffic_member(struct model *model, struct buffer *buffer, const char *nick, char prefix)
{
    members_add(&buffer->members, nick, prefix);
    changed(model);
}

void traffic_member_gone(struct model *model, struct buffer *buffer, const char *nick)
{
    members_remove(&buffer->members, nick);
    changed(model);
}

void traffic_member_renamed(struct model *model, struct buffer *buffer, const char *nick,
                            const char *new_nick)
{
    members_rename(&buffer->members, nick, new_nick);
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

void traffic_own_nick(struct model *model, const char *nick)
{
    replace(&model->nick, nick, LINE_NICK_MAX_BYTES);
    changed(model);
}

void traffic_server_name(struct model *model, const char *name)
{
    replace(&model->server, name, BUFFER_NAME_MAX_BYTES);
    changed(model);
}

void traffic_connecting(struct model *model)
{
    model->link = LINK_CONNECTING;
    changed(model);
}

/* Says it in every buffer: whoever looks at one sees why it is silent. */
static void say_everywhere(struct model *model, int64_t now_ms, const char *text)
{
    for (size_t i = 0; i < model->buffer_count; i++)
        model_note(model, model->buffers[i], now_ms, "%s", text);
}

static void say_time(struct str *out, int64_t ms)
{
    int64_t s = ms / 1000;
    if (s < 60)
        str_addf(out, "%d s", (int)s);
    else if (s < 3600)
        str_addf(out, "%d min %d s", (int)(s / 60), (int)(s % 60));
    else
        str_addf(out, "%lld h %d min", (long long)(s / 3600), (int)(s / 60 % 60));
}

void traffic_online(struct model *model, int64_t now_ms, bool encrypted)
{
    if (model->offline_why) {
        struct str text;
        str_init(&text, HINT_MAX_BYTES);
        str_adds(&text, "connected again after ");
        say_time(&text, now_ms > model->offline_since_ms ? now_ms - model->offline_since_ms : 0);
        say_everywhere(model, now_ms, text.data);
        str_release(&text);
    }
    replace(&model->offline_why, NULL, 0);
    model->link = LINK_ONLINE;
    model->encrypted = encrypted;
    changed(model);
}

void traffic_offline(struct model *model, int64_t now_ms, int64_t retry_at_ms, const char *why)
{
    struct str text;
    str_init(&text, HINT_MAX_BYTES);
    if (model->link == LINK_ONLINE)
        str_addf(&text, "disconnected: %.370s", why);
    else if (!model->offline_why || strcmp(model->offline_why, why) != 0)
        str_addf(&text, "not connected: %.370s", why);
    if (text.len > 0)
        say_everywhere(model, now_ms, text.data);
    str_release(&text);
    if (!model->offline_why)
        model->offline_since_ms = now_ms;
    replace(&model->offline_why, why, HINT_MAX_BYTES);
    for (size_t i = 0; i < model->buffer_count; i++)
        members_release(&model->buffers[i]->members);
    model->link = LINK_OFFLINE;
    model->retry_at_ms = retry_at_ms;
    model->lag_ms = -1;
    model->no_answer_since_ms = 0;
    changed(model);
}

void traffic_lag(struct model *model, int64_t lag_ms)
{
    model->lag_ms = lag_ms;
    model->no_answer_since_ms = 0;
    changed(model);
}

void traffic_no_answer(struct model *model, int64_t since_ms)
{
    model->no_answer_since_ms = since_ms;
    changed(model);
}
