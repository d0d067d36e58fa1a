/*
 * A line of the server: which one it answers, when it was said, and who acts on it.
 *
 * One row a command. What no row knows is shown in the server's buffer, so nothing that a server
 * says is lost without a trace.
 */
#include "client/session/dispatch.h"

#include <stdlib.h>
#include <string.h>

#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/batch.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/login.h"
#include "client/session/marker.h"
#include "client/session/multiline.h"
#include "client/session/outgoing.h"
#include "client/session/reply.h"
#include "client/session/rooms.h"
#include "client/session/search.h"
#include "client/session/talk.h"
#include "client/session/targets.h"
#include "client/session/timestamp.h"
#include "client/session/typing.h"

static void on_ping(struct session *s, const struct incoming *in)
{
    session_send(s, "PONG", in->m->params[0], NULL);
}

static void on_error(struct session *s, const struct incoming *in)
{
    str_reset(&s->close_reason);
    str_addf(&s->close_reason, "%.500s", in->m->params[0]);
}

static void on_nothing(struct session *s, const struct incoming *in)
{
    (void)s, (void)in;
}

/* A conversation that went on without us is opened by it, and then has its mark. */
static void on_markread(struct session *s, const struct incoming *in)
{
    targets_read(s, in->m->params[0], marker_of(in));
    marker_hear(s, in);
}

static void on_batch(struct session *s, const struct incoming *in);

static const struct {
    const char *command;
    size_t min_params;
    void (*act)(struct session *s, const struct incoming *in);
} handlers[] = {
    {"PRIVMSG", 2, talk_privmsg},
    {"NOTICE", 2, talk_notice},
    {"PONG", 1, outgoing_pong},
    {"PING", 1, on_ping},
    {"JOIN", 1, rooms_join},
    {"PART", 1, rooms_part},
    {"QUIT", 0, rooms_quit},
    {"NICK", 1, rooms_nick},
    {"KICK", 2, rooms_kick},
    {"MODE", 2, rooms_mode},
    {"TOPIC", 2, rooms_topic},
    {"AWAY", 0, rooms_away},
    {"INVITE", 2, rooms_invite},
    {"BATCH", 1, on_batch},
    {"CHATHISTORY", 3, targets_line},
    {"CAP", 3, capability_receive},
    {"AUTHENTICATE", 1, login_challenge},
    {"ERROR", 1, on_error},
    {"FAIL", 2, reply_fail},
    {"WARN", 2, reply_remark},
    {"NOTE", 2, reply_remark},
    {"ACK", 0, on_nothing}, /* of a label */
    {"ACCOUNT", 0, on_nothing},
    {"CHGHOST", 0, on_nothing},
    {"SETNAME", 0, on_nothing},
    {"TAGMSG", 1, talk_tagmsg},
    {"REDACT", 2, talk_redact},
    {"RENAME", 2, rooms_rename},
    {"MARKREAD", 2, on_markread},
};

static void show_unknown(struct session *s, const struct incoming *in)
{
    struct str text;
    str_init(&text, IRC_MAX_LINE_BYTES);
    str_adds(&text, in->m->command);
    incoming_params(in, 0, &text);
    incoming_show(s, in, incoming_buffer(s, in), LINE_SERVER, in->nick, text.data);
    str_release(&text);
}

static void copy_value(char *to, size_t size, const struct irc_tag *tag)
{
    if (tag->value_len >= size)
        return;
    memcpy(to, tag->value, tag->value_len);
    to[tag->value_len] = '\0';
}

static bool is_tag(const struct irc_tag *tag, const char *key)
{
    return tag->key_len == strlen(key) && !memcmp(tag->key, key, tag->key_len);
}

/* The server's and the sender's names for the message, and for the one that it answers. */
static void read_ids(struct incoming *in, const struct irc_tag *tag)
{
    if (is_tag(tag, "msgid"))
        copy_value(in->msgid, sizeof(in->msgid), tag);
    else if (is_tag(tag, "+snug.chat/id"))
        copy_value(in->client_id, sizeof(in->client_id), tag);
    else if (is_tag(tag, "+reply") || is_tag(tag, "+draft/reply"))
        copy_value(in->reply_to, sizeof(in->reply_to), tag);
}

static void read_tag(struct session *s, struct incoming *in, const struct irc_tag *tag)
{
    char value[BATCH_REFERENCE_BYTES];
    read_ids(in, tag);
    if (tag->value_len >= sizeof(value))
        return;
    memcpy(value, tag->value, tag->value_len);
    value[tag->value_len] = '\0';
    if (is_tag(tag, "time")) {
        int64_t time_ms = timestamp_parse(value);
        in->time_ms = time_ms ? time_ms : in->time_ms;
    } else if (is_tag(tag, "label")) {
        in->number = strtoull(value, NULL, 10);
        in->of_typing = !strcmp(value, typing_label);
    } else if (is_tag(tag, "batch")) {
        const struct batch *batch = batch_find(s, value, tag->value_len);
        in->multiline = batch ? batch->multiline : NULL;
        in->past |= batch && batch->past;
        in->found = batch && batch->found ? batch : NULL;
        if (batch && batch->fetch)
            in->fetch = backlog_find(s, batch->fetch);
        in->number = batch && batch->number ? batch->number : in->number;
    }
}

static void read_tags(struct session *s, struct incoming *in)
{
    size_t at = 0;
    struct irc_tag tag;
    while (irc_tag_next(in->m, &at, &tag))
        read_tag(s, in, &tag);
    if (in->number)
        in->request = awaiting_numbered(&s->awaiting, in->number);
}

static void act(struct session *s, const struct incoming *in)
{
    const char *command = in->m->command;
    if (command[0] >= '0' && command[0] <= '9') {
        reply_numeric(s, in);
        return;
    }
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (strcmp(handlers[i].command, command) != 0)
            continue;
        if (in->m->n_params >= handlers[i].min_params)
            handlers[i].act(s, in);
        else
            show_unknown(s, in);
        return;
    }
    show_unknown(s, in);
}

static void take(struct session *s, const struct incoming *in)
{
    bool batch = !strcmp(in->m->command, "BATCH");
    if (in->found && !batch)
        search_line(s, in);
    else if (!in->fetch || batch || backlog_takes(s, in))
        act(s, in);
}

/* One that was a message of several lines is acted on when it is whole. */
static void on_batch(struct session *s, const struct incoming *in)
{
    struct multiline *whole = batch_receive(s, in);
    struct irc_message m;
    struct incoming message;
    if (whole && multiline_message(s, whole, &m, &message)) {
        message.found = message.found ? batch_of_search(s) : NULL; /* it may have moved, or ended */
        take(s, &message);
    }
    multiline_free(whole);
}

void dispatch_line(struct session *s, char *line, size_t len)
{
    struct irc_message m;
    enum irc_error error = irc_parse(&m, line, len, 2 * IRC_MAX_TAGS_BYTES, 2 * IRC_MAX_LINE_BYTES);
    struct incoming in = {.m = &m, .nick = "", .time_ms = s->now_ms};
    if (error == IRC_EMPTY)
        return;
    if (error != IRC_OK) {
        incoming_show(s, &in, s->model->buffers[0], LINE_ERROR, NULL,
                      "the server sent a line that is not IRC");
        return;
    }
    if (m.source.nick)
        in.nick = m.source.nick;
    read_tags(s, &in);
    if (in.multiline)
        multiline_add(in.multiline, &in);
    else if (!in.of_typing)
        take(s, &in);
}
