/* What people say: messages and notices; what they put beside messages, and which they take back. */
#include "client/session/talk.h"

#include <string.h>

#include "client/model/traffic.h"
#include "client/session/backlog.h"
#include "client/session/ctcp.h"
#include "client/session/delivery.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/typing.h"

#define MAX_TEXT_BYTES (2 * IRC_MAX_LINE_BYTES)

/* What was said to whom, CTCP taken apart. */
struct said {
    const struct incoming *in;
    const char *command;
    const char *target; /* without the sign of a STATUSMSG */
    char *text;         /* of an action: what is done */
    char *ctcp;         /* the CTCP command, or NULL */
    bool from_me;
};

/* \001ACTION waves\001; the last byte may be missing. */
static void take_ctcp(struct said *said)
{
    size_t len = strlen(said->text);
    if (said->text[0] != '\001')
        return;
    if (len > 1 && said->text[len - 1] == '\001')
        said->text[len - 1] = '\0';
    said->ctcp = said->text + 1;
    said->text = said->ctcp + strcspn(said->ctcp, " ");
    if (*said->text)
        *said->text++ = '\0';
}

/* Where it belongs: the room, or the conversation with the other person. */
static struct buffer *buffer_of(struct session *s, const struct said *said)
{
    if (isupport_is_room(&s->isupport, said->target)) {
        struct buffer *room = model_find(s->model, said->target);
        return room ? room : traffic_buffer(s->model, BUFFER_ROOM, said->target);
    }
    struct buffer *past = said->in->fetch ? model_find_id(s->model, said->in->fetch->buffer) : NULL;
    if (past)
        return past;
    const char *other = said->from_me ? said->target : said->in->nick;
    return *other ? traffic_buffer(s->model, BUFFER_PERSON, other) : s->model->buffers[0];
}

/* When it was done; 0: some time ago. */
static int64_t done_ms(const struct incoming *in)
{
    return in->past ? 0 : in->time_ms;
}

/* The reaction that a message's tags carry, if they do: IRCv3 "react". */
static void take_reaction(struct session *s, const struct said *said)
{
    static const char *const keys[] = {"+draft/unreact", "+draft/react"};
    for (int on = 0; on < 2; on++) {
        struct str text;
        str_init(&text, REACTION_MAX_BYTES);
        if (*said->in->reply_to && irc_tag_value(said->in->m, keys[on], &text) && text.len > 0)
            traffic_react(s->model, buffer_of(s, said), said->in->reply_to, said->in->nick,
                          text.data, on, done_ms(said->in));
        str_release(&text);
    }
}

static void show(struct session *s, const struct said *said, enum line_kind kind)
{
    incoming_show(s, said->in, buffer_of(s, said), kind, said->in->nick, said->text);
}

static void hear_privmsg(struct session *s, struct said *said)
{
    bool action = said->ctcp && !strcmp(said->ctcp, "ACTION");
    bool mine = said->from_me && !said->in->past &&
                delivery_echo(s, said->in, said->command, said->target, action, said->text);
    if (mine || (!said->from_me && !said->in->past && *said->in->client_id &&
                 backlog_hears_own(s, said->in, buffer_of(s, said))))
        return;
    if (said->ctcp && !action) {
        ctcp_requested(s, said->in, said->ctcp, said->text);
    } else {
        show(s, said, action ? LINE_ACTION : LINE_TALK);
    }
}

/* Of nobody's buffer: where it was asked for, and one's own with whom it is for. */
static void show_apart(struct session *s, const struct said *said)
{
    struct str text;
    str_init(&text, MAX_TEXT_BYTES);
    str_addf(&text, "%s%s%s%s", said->from_me ? "(to " : "", said->from_me ? said->target : "",
             said->from_me ? ") " : "", said->text);
    incoming_show(s, said->in, incoming_buffer(s, said->in), LINE_NOTICE, said->in->nick,
                  text.data);
    str_release(&text);
}

/* Notices of servers, and of people with whom no conversation is open, interrupt nothing. */
static void hear_notice(struct session *s, struct said *said)
{
    bool in_room = isupport_is_room(&s->isupport, said->target);
    bool open = model_find(s->model, said->from_me ? said->target : said->in->nick) != NULL;
    if (said->from_me && !said->in->past &&
        delivery_echo(s, said->in, said->command, said->target, false, said->text))
        return;
    if (said->ctcp)
        ctcp_answered(s, said->in, said->ctcp, said->text);
    else if (in_room || open)
        show(s, said, LINE_NOTICE);
    else
        show_apart(s, said);
}

static void hear(struct session *s, const struct incoming *in,
                 void (*act)(struct session *s, struct said *said))
{
    const char *target = in->m->params[0];
    if (*target && strchr(s->isupport.statusmsg, *target))
        target++;
    struct said said = {
        .in = in,
        .command = in->m->command,
        .target = target,
        .text = in->m->params[1],
        .from_me = session_is_me(s, in->nick),
    };
    if (!said.from_me && traffic_is_ignored(s->model, in->nick))
        return;
    take_reaction(s, &said);
    take_ctcp(&said);
    act(s, &said);
}

/* Of somebody with whom no conversation is open it is about nothing that is known. */
static bool is_of_unknown(struct session *s, const struct incoming *in)
{
    const char *target = in->m->params[0];
    const char *other = session_is_me(s, in->nick) ? target : in->nick;
    bool room = isupport_is_room(&s->isupport, target);
    return !in->fetch && !model_find(s->model, room ? target : other);
}

void talk_tagmsg(struct session *s, const struct incoming *in)
{
    struct said said = {
        .in = in, .target = in->m->params[0], .from_me = session_is_me(s, in->nick)};
    if (!*in->nick || traffic_is_ignored(s->model, in->nick) || is_of_unknown(s, in))
        return;
    take_reaction(s, &said);
    typing_hear(s, in, buffer_of(s, &said));
}

/* REDACT target msgid [:reason]: IRCv3 "message redaction" */
void talk_redact(struct session *s, const struct incoming *in)
{
    struct said said = {
        .in = in, .target = in->m->params[0], .from_me = session_is_me(s, in->nick)};
    if (!is_of_unknown(s, in))
        traffic_take_back(s->model, buffer_of(s, &said), in->m->params[1], in->nick,
                          irc_param_at(in->m, 2), done_ms(in));
}

void talk_privmsg(struct session *s, const struct incoming *in)
{
    hear(s, in, hear_privmsg);
}

void talk_notice(struct session *s, const struct incoming *in)
{
    hear(s, in, hear_notice);
}
