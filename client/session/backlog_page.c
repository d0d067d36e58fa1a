/* The lines of a page: which are known already, and where the others go. */
#include "client/session/backlog.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/session/delivery.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "common/alloc.h"

/* The own line that a message of the past is, by what we called it; NULL: none that waits for it. */
static struct buffer_line *find_own(const struct session *s, const struct buffer *buffer,
                                    const struct incoming *in)
{
    uint64_t run, number;
    if (sscanf(in->client_id, "%" SCNx64 "-%" SCNu64 ".", &run, &number) != 2)
        return NULL;
    for (size_t i = buffer_line_count(buffer); i-- > 0;) {
        struct buffer_line *line = buffer_line_at(buffer, i);
        bool waits = line->state == LINE_PENDING || line->state == LINE_UNSURE;
        if (waits && line->more->origin.number == number &&
            (line->more->origin.run ? line->more->origin.run : s->seed) == run)
            return line;
    }
    return NULL;
}

/* Codes do not count: the server may have taken them out. */
static bool says(const struct incoming *in, const struct buffer_line *line)
{
    static const char action[] = "\001ACTION ";
    const char *text = irc_param_at(in->m, 1);
    if (line->kind != LINE_ACTION)
        return format_same(text, line->text);
    if (strncmp(text, action, sizeof(action) - 1) != 0)
        return false;
    char *done = xstrdup(text + sizeof(action) - 1);
    done[strcspn(done, "\001")] = '\0';
    bool same = format_same(done, line->text);
    free(done);
    return same;
}

/* A message of ours that arrived, although we were not told. True: it need not be shown. */
static bool take_own(struct session *s, struct fetch *f, struct buffer *buffer,
                     const struct incoming *in)
{
    const struct buffer_line *line = find_own(s, buffer, in);
    if (!line)
        return false;
    if (!says(in, line)) /* a part of it; the others are still to come, with its echo */
        return line->state == LINE_PENDING;
    f->behind = line->id;
    delivery_found(s, line->id);
    traffic_accept_behind(s->model, line->id, f->last_behind, in->time_ms, in->msgid);
    return true;
}

bool backlog_hears_own(struct session *s, const struct incoming *in, const struct buffer *buffer)
{
    const struct buffer_line *line = find_own(s, buffer, in);
    if (!line || !says(in, line))
        return false;
    delivery_found(s, line->id);
    traffic_accept(s->model, line->id, in->time_ms, *in->msgid ? in->msgid : NULL);
    return true;
}

/* True: the line is known. Those that follow it stand behind it. */
static bool is_known(struct fetch *f, const struct buffer *buffer, const char *msgid)
{
    const struct buffer_line *known = buffer_find_msgid(buffer, msgid);
    if (!known)
        return false;
    f->complete |= known->id == f->join_line;
    if (f->kind != FETCH_OLDER &&
        buffer_line_index(buffer, known->id) > buffer_line_index(buffer, f->behind))
        f->behind = known->id;
    return true;
}

bool backlog_takes(struct session *s, const struct incoming *in)
{
    struct fetch *f = in->fetch;
    struct buffer *buffer = model_find_id(s->model, f->buffer);
    f->n_lines++;
    if (!buffer || f->complete)
        return false;
    /* A long message of another door comes in several lines, of which the first has its id. */
    if (!*in->msgid)
        return !f->skipping;
    if (f->kind == FETCH_GAP && (!f->msgid || strcmp(f->msgid, in->msgid) != 0)) {
        backlog_from(f, in->msgid);
        f->progress = true;
    }
    f->last_behind = f->behind;
    f->skipping = is_known(f, buffer, in->msgid) || take_own(s, f, buffer, in);
    return !f->skipping;
}

static bool is_talk(const struct incoming *in)
{
    return !strcmp(in->m->command, "PRIVMSG") || !strcmp(in->m->command, "NOTICE");
}

void backlog_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                  struct heard *heard)
{
    struct fetch *f = in->fetch;
    bool missed = f->away_ms > 0 && in->time_ms >= s->lost_ms;
    bool unread = buffer->read_ms > 0 && in->time_ms > buffer->read_ms;
    heard->past = f->kind == FETCH_GAP ? buffer->read_ms > 0 && !unread
                                       : !missed && !(f->kind == FETCH_LATEST && unread);
    uint64_t line = traffic_insert(s->model, buffer, f->behind, heard);
    if (line == 0)
        return;
    f->behind = line;
    if (!heard->past && f->kind == FETCH_LATEST && is_talk(in) && !heard->own)
        traffic_away(s->model, buffer, line, 0);
    if (!heard->past && f->away_ms > 0 && !heard->own)
        traffic_away(s->model, buffer, line, f->away_ms);
}
