/*
 * How far the user has read, told to the server and heard from it: IRCv3 "read-marker".
 *
 * What stands on the screen of somebody who looks at it is read. What another program of the user
 * has read is read here, too.
 */
#include "client/session/marker.h"

#include <string.h>

#include "client/model/traffic.h"
#include "client/session/backlog.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/timestamp.h"

enum {
    BETWEEN_MS = 1000,
    LINES_MAX = 200, /* to look through for one that the server knows */
};

static bool can_mark(const struct session *s)
{
    unsigned needed = CAP_READ_MARKER | CAP_SERVER_TIME;
    return s->phase == PHASE_ONLINE && (s->caps & needed) == needed;
}

/* The time of the newest line that the server knows; 0: not known. */
static int64_t newest_ms(const struct buffer *buffer)
{
    size_t settled = buffer_line_count(buffer) - buffer->pending;
    for (size_t i = settled, left = LINES_MAX; i-- > 0 && left-- > 0;)
        if (buffer_line_at(buffer, i)->msgid)
            return buffer_line_at(buffer, i)->time_ms;
    return 0;
}

/* The time up to which the user has read and the server does not know it; 0: there is none. */
static int64_t read_ms(const struct session *s)
{
    const struct model *model = s->model;
    const struct buffer *buffer = model->current;
    bool here = (buffer->kind == BUFFER_PERSON || buffer->joined) && !backlog_fetches(s, buffer);
    bool looks = model->focused && model->peeked_from == 0 && buffer->scroll.line == 0;
    int64_t time_ms = here && looks && can_mark(s) ? newest_ms(buffer) : 0;
    return time_ms > buffer->read_ms ? time_ms : 0;
}

void marker_step(struct session *s)
{
    if (s->now_ms - s->marked_ms >= BETWEEN_MS)
        marker_tell(s);
}

void marker_tell(struct session *s)
{
    char mark[TIMESTAMP_BYTES];
    int64_t time_ms = read_ms(s);
    if (time_ms == 0)
        return;
    timestamp_write(mark, time_ms);
    session_send(s, "MARKREAD", s->model->current->name, mark, NULL);
    traffic_marked(s->model->current, time_ms);
    s->marked_ms = s->now_ms;
}

int64_t marker_deadline_ms(const struct session *s)
{
    return read_ms(s) > 0 ? s->marked_ms + BETWEEN_MS : INT64_MAX;
}

void marker_ask(struct session *s, const char *person)
{
    if (s->caps & CAP_READ_MARKER)
        session_send(s, "MARKREAD", person, NULL);
}

/* MARKREAD target timestamp=2026-11-21T03:14:15.926Z, or "*": not known */
int64_t marker_of(const struct incoming *in)
{
    static const char begin[] = "timestamp=";
    const char *mark = in->m->params[1];
    return !strncmp(mark, begin, sizeof(begin) - 1) ? timestamp_parse(mark + sizeof(begin) - 1) : 0;
}

void marker_hear(struct session *s, const struct incoming *in)
{
    struct buffer *buffer = model_find(s->model, in->m->params[0]);
    if (buffer)
        traffic_read(s->model, buffer, marker_of(in));
}
