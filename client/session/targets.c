/*
 * Conversations that went on without us: CHATHISTORY TARGETS of IRCv3 draft/chathistory.
 *
 * After a lost connection each that the server lists is filled from where we stopped (backlog.c). Who
 * begins opens only those that were not read to their end elsewhere: for each the server is asked how
 * far that is, and it is opened when the answer comes.
 */
#include "client/session/targets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/backlog.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/marker.h"
#include "client/session/timestamp.h"
#include "common/alloc.h"

enum {
    TARGETS_MAX = 100,
    LOOK_BACK_MS = 7 * 24 * 3600 * 1000, /* of who begins */
    CLOCK_SKEW_MS = 10000,
};

void targets_release(struct session *s)
{
    for (struct conversation conversation;
         ring_pop_front(&s->targets.conversations, &conversation);)
        free(conversation.name);
    ring_release(&s->targets.conversations);
}

void targets_lost(struct session *s)
{
    s->targets.asked = s->targets.looks_back = false;
    s->targets.n_unread = 0;
}

static void ask(struct session *s)
{
    char from[TIMESTAMP_BYTES], to[TIMESTAMP_BYTES], limit[16];
    timestamp_write(from, s->targets.untold_ms - CLOCK_SKEW_MS);
    timestamp_write(to, s->now_ms + CLOCK_SKEW_MS);
    snprintf(limit, sizeof(limit), "%d", TARGETS_MAX);
    session_send(s, "CHATHISTORY", "TARGETS", from, to, limit, NULL);
    s->targets.asked = true;
    s->targets.asked_ms = s->now_ms;
    s->targets.again_ms = 0;
}

void targets_entered(struct session *s)
{
    s->targets.looks_back = !s->lost_ms && s->wants_past && (s->caps & CAP_READ_MARKER);
    if (s->targets.looks_back)
        s->targets.untold_ms = s->now_ms - LOOK_BACK_MS;
    if (s->targets.untold_ms)
        ask(s);
}

void targets_step(struct session *s)
{
    if (!s->targets.asked || s->now_ms < targets_deadline_ms(s))
        return;
    if (s->targets.again_ms > 0)
        ask(s);
    else
        targets_end(s);
}

int64_t targets_deadline_ms(const struct session *s)
{
    if (!s->targets.asked)
        return INT64_MAX;
    return s->targets.again_ms > 0 ? s->targets.again_ms
                                   : s->targets.asked_ms + BACKLOG_PATIENCE_MS;
}

static void note_conversation(struct session *s, const char *name, const char *time)
{
    struct conversation conversation = {xstrdup(name), timestamp_parse(time)}, oldest;
    if (ring_full(&s->targets.conversations) && ring_pop_front(&s->targets.conversations, &oldest))
        free(oldest.name);
    ring_push(&s->targets.conversations, &conversation, NULL);
    marker_ask(s, name);
}

void targets_line(struct session *s, const struct incoming *in)
{
    const char *name = irc_param_at(in->m, 1);
    if (!s->targets.asked || !*name || isupport_is_room(&s->isupport, name))
        return;
    if (s->targets.looks_back) {
        note_conversation(s, name, irc_param_at(in->m, 2));
        return;
    }
    struct buffer *buffer = traffic_buffer(s->model, BUFFER_PERSON, name);
    struct fetch *f = backlog_fill(s, buffer);
    if (!f)
        return;
    f->away_ms = backlog_away_ms(s);
    marker_ask(s, buffer->name);
}

void targets_read(struct session *s, const char *person, int64_t read_ms)
{
    struct conversation conversation;
    /* Once round the ring: what stays is put behind. */
    for (size_t left = s->targets.conversations.len; left > 0; left--) {
        ring_pop_front(&s->targets.conversations, &conversation);
        if (!isupport_same(&s->isupport, conversation.name, person)) {
            ring_push(&s->targets.conversations, &conversation, NULL);
            continue;
        }
        if (conversation.time_ms > read_ms) {
            struct buffer *buffer = traffic_buffer(s->model, BUFFER_PERSON, conversation.name);
            /* Who has read nothing has read what is older than everything. */
            traffic_marked(buffer, read_ms > 0 ? read_ms : 1);
            backlog_fill(s, buffer);
        }
        free(conversation.name);
    }
}

void targets_end(struct session *s)
{
    s->targets.asked = s->targets.looks_back = false;
    s->targets.again_ms = 0;
    s->targets.untold_ms = 0;
    backlog_forget_waiting(s);
}

bool targets_failed(struct session *s, const struct incoming *in)
{
    bool meant = false;
    for (size_t i = 2; i < in->m->n_params; i++)
        meant |= !strcmp(in->m->params[i], "TARGETS");
    if (!s->targets.asked || !meant || strcmp(in->m->params[0], "CHATHISTORY") != 0)
        return false;
    if (backlog_is_unread(in) && ++s->targets.n_unread <= BACKLOG_UNREAD_MAX)
        s->targets.again_ms = s->now_ms + BACKLOG_AGAIN_MS;
    else
        targets_end(s);
    return true;
}
