#include "client/session/ctcp.h"

#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "common/alloc.h"

enum {
    ANSWERS_MAX = 3, /* within WINDOW_MS */
    WINDOW_MS = 10000,
    MAX_TEXT_BYTES = 2 * IRC_MAX_LINE_BYTES,
};

void ctcp_asked(struct session *s, const char *nick, uint32_t buffer)
{
    free(s->ctcp.asked_nick);
    s->ctcp.asked_nick = xstrdup(nick);
    s->ctcp.asked_in = buffer;
}

/* Of now, and not our own word that comes back. */
static bool is_news(const struct session *s, const struct incoming *in)
{
    return !in->past && !session_is_me(s, in->nick);
}

static void note(struct session *s, const struct incoming *in, struct buffer *buffer,
                 const char *verb, const char *command, const char *text)
{
    struct str words;
    str_init(&words, MAX_TEXT_BYTES);
    str_addf(&words, "%s %s %s%s%s", in->nick, verb, command, *text ? ": " : "", text);
    incoming_show(s, in, buffer, LINE_SERVER, NULL, words.data);
    str_release(&words);
}

/* Answers are few, so that nobody can make us flood. */
static bool may_answer(struct session *s)
{
    if (s->now_ms - s->ctcp.window_ms >= WINDOW_MS) {
        s->ctcp.window_ms = s->now_ms;
        s->ctcp.n_answers = 0;
    }
    return s->ctcp.n_answers++ < ANSWERS_MAX;
}

void ctcp_requested(struct session *s, const struct incoming *in, const char *command,
                    const char *text)
{
    bool version = !strcmp(command, "VERSION"), ping = !strcmp(command, "PING");
    if (!is_news(s, in))
        return;
    note(s, in, s->model->buffers[0], "asks for", command, text);
    if ((!version && !ping) || !may_answer(s))
        return;
    struct str answer;
    str_init(&answer, IRC_MAX_BODY_BYTES);
    str_addf(&answer, "\001%s %.300s\001", command, version ? "snug " SNUG_VERSION : text);
    session_send(s, "NOTICE", in->nick, answer.data, NULL);
    str_release(&answer);
}

void ctcp_answered(struct session *s, const struct incoming *in, const char *command,
                   const char *text)
{
    const char *asked = s->ctcp.asked_nick;
    bool ours = asked && isupport_same(&s->isupport, asked, in->nick);
    struct buffer *buffer = ours ? model_find_id(s->model, s->ctcp.asked_in) : NULL;
    if (is_news(s, in))
        note(s, in, buffer ? buffer : s->model->buffers[0], "answers", command, text);
}
