#include "client/session/incoming.h"

#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/session/backlog.h"
#include "client/session/internal.h"

void incoming_params(const struct incoming *in, size_t from, struct str *out)
{
    for (size_t i = from; i < in->m->n_params; i++)
        str_addf(out, "%s%s", out->len ? " " : "", in->m->params[i]);
}

struct buffer *incoming_buffer(struct session *s, const struct incoming *in)
{
    struct buffer *buffer = in->request ? model_find_id(s->model, in->request->buffer) : NULL;
    return buffer ? buffer : s->model->buffers[0];
}

uint64_t incoming_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                       enum line_kind kind, const char *nick, const char *text)
{
    struct formatted formatted;
    formatted_init(&formatted, text);
    struct heard heard = {
        .kind = kind,
        .nick = nick,
        .text = formatted.text.data,
        .runs = formatted.runs,
        .n_runs = formatted.n_runs,
        .time_ms = in->time_ms,
        .own = nick && session_is_me(s, nick),
        .past = in->past,
        .msgid = *in->msgid ? in->msgid : NULL,
        .reply_to = *in->reply_to ? in->reply_to : NULL,
    };
    uint64_t line = 0;
    if (in->fetch && in->fetch->buffer == buffer->id)
        backlog_show(s, in, buffer, &heard);
    else
        line = traffic_hear(s->model, buffer, &heard);
    formatted_release(&formatted);
    return line;
}

void incoming_tell(struct session *s, const struct incoming *in, enum line_kind kind,
                   const char *text)
{
    struct formatted formatted;
    formatted_init(&formatted, text);
    const struct heard heard = {
        .kind = kind,
        .text = formatted.text.data,
        .runs = formatted.runs,
        .n_runs = formatted.n_runs,
        .time_ms = in->time_ms,
    };
    traffic_tell(s->model, &heard);
    formatted_release(&formatted);
}
