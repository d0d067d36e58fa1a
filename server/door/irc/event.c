/* What happened, as lines for those who see it; see event.h. */
#include "server/door/irc/event.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/timestamp.h"

/* The forms; a class is a sum of them. */
enum form {
    FORM_TIME = 1u << 0,
    FORM_TAGS = 1u << 1,
    FORM_EXTENDED_JOIN = 1u << 2,
    FORM_HIDDEN = 1u << 3, /* not shown at all */
    FORM_ALL = (1u << 4) - 1,
};

static_assert((unsigned)FORM_ALL < (unsigned)DOOR_CLASSES_MAX, "a class is a small integer");

enum {
    SOURCE_BYTES = 256 /* of nick!user@host */
};

static unsigned form_of(const struct irc_client *client, const struct event *event)
{
    if (event->type >= EVENT_RENAME)
        return FORM_HIDDEN;
    unsigned class = 0;
    if (irc_has(client, CAP_SERVER_TIME))
        class |= FORM_TIME;
    if (irc_has(client, CAP_MESSAGE_TAGS))
        class |= FORM_TAGS;
    if (event->type == EVENT_JOIN && irc_has(client, CAP_EXTENDED_JOIN))
        class |= FORM_EXTENDED_JOIN;
    return class;
}

unsigned irc_event_class(const struct irc_client *client, const struct event *event)
{
    /* The answer to a labelled command has it instead: see irc_event_own(). */
    bool answers =
        client->response.open && event->session == client->session && event->type != EVENT_SPEECH;
    return answers ? FORM_HIDDEN : form_of(client, event);
}

static void add_time(struct str *out, int64_t time_ms)
{
    char text[IRC_TIMESTAMP_BYTES];
    irc_timestamp_write(text, time_ms);
    irc_tag(out, "time", text);
}

static void begin(struct str *out, const struct event *event, const char *command)
{
    char source[SOURCE_BYTES];
    snprintf(source, sizeof source, "%s!%s@%s", event->who.nick, event->who.user, event->who.host);
    irc_begin(out, source, command);
}

static const char *verb_of(enum speech speech)
{
    return speech == SPEECH_NOTICE || speech == SPEECH_ANSWER ? "NOTICE" : "PRIVMSG";
}

/* What stands around the text of this kind of speech. */
static const char *before_text(enum speech speech)
{
    switch (speech) {
    case SPEECH_ACTION:
        return "\001ACTION ";
    case SPEECH_QUERY:
    case SPEECH_ANSWER:
        return "\001";
    default:
        return "";
    }
}

static const char *after_text(enum speech speech)
{
    return speech == SPEECH_TEXT || speech == SPEECH_NOTICE ? "" : "\001";
}

size_t irc_event_text_bytes(const struct event *event)
{
    size_t around = strlen(":!@    :") + strlen(event->who.nick) + strlen(event->who.user) +
                    strlen(event->who.host) + strlen(verb_of(event->speech)) - 1 +
                    strlen(event->target) + strlen(before_text(event->speech)) +
                    strlen(after_text(event->speech));
    return around < IRC_MAX_BODY_BYTES ? IRC_MAX_BODY_BYTES - around : 1;
}

static void speech_line(struct str *out, const struct event *event, const char *text, size_t len)
{
    begin(out, event, verb_of(event->speech));
    irc_param(out, event->target);
    struct str wrapped;
    str_init(&wrapped, IRC_MAX_BODY_BYTES);
    str_adds(&wrapped, before_text(event->speech));
    str_add(&wrapped, text, len);
    str_adds(&wrapped, after_text(event->speech));
    irc_trailing(out, wrapped.data);
    irc_end(out);
    str_release(&wrapped);
}

static void add_tags(struct str *out, unsigned class, const struct event *event, bool first)
{
    if (class & FORM_TIME)
        add_time(out, event->time_ms);
    if (!(class & FORM_TAGS) || !first)
        return;
    if (event->id[0])
        irc_tag(out, "msgid", event->id);
    if (event->tags)
        irc_tags_raw(out, event->tags, strlen(event->tags));
}

/* This door refuses what does not fit into one line, other doors may let it in: it is shown whole,
 * on several lines, of which the first one has the id. */
static void format_speech(struct str *out, unsigned class, const struct event *event)
{
    size_t max_bytes = irc_event_text_bytes(event);
    const char *text = event->text ? event->text : ""; /* it may have been taken away */
    size_t left = strlen(text);
    bool first = true;
    do {
        size_t len = left <= max_bytes ? left : text_cut_bytes(text, left, max_bytes);
        if (len == 0)
            len = left < max_bytes ? left : max_bytes; /* one cluster longer than a line */
        add_tags(out, class, event, first);
        speech_line(out, event, text, len);
        text += len;
        left -= len;
        first = false;
    } while (left > 0);
}

/* JOIN with account and real name (IRCv3 extended-join); nobody has an account yet. */
static void format_join(struct str *out, unsigned class, const struct event *event)
{
    begin(out, event, "JOIN");
    irc_param(out, event->target);
    if (!(class & FORM_EXTENDED_JOIN))
        return;
    irc_param(out, event->who.account ? event->who.account : "*");
    irc_trailing(out, event->realname ? event->realname : event->who.nick);
}

static void format_other(struct str *out, unsigned class, const struct event *event)
{
    switch (event->type) {
    case EVENT_SPEECH:
        break;
    case EVENT_JOIN:
        format_join(out, class, event);
        break;
    case EVENT_PART:
        begin(out, event, "PART");
        irc_param(out, event->target);
        if (event->text)
            irc_trailing(out, event->text);
        break;
    case EVENT_QUIT:
        begin(out, event, "QUIT");
        irc_trailing(out, event->text ? event->text : "");
        break;
    case EVENT_NICK:
        begin(out, event, "NICK");
        irc_trailing(out, event->text);
        break;
    case EVENT_TOPIC:
        begin(out, event, "TOPIC");
        irc_param(out, event->target);
        irc_trailing(out, event->text ? event->text : "");
        break;
    case EVENT_KICK:
        begin(out, event, "KICK");
        irc_param(out, event->target);
        irc_param(out, event->object);
        irc_trailing(out, event->text ? event->text : event->who.nick);
        break;
    case EVENT_MODE:
        begin(out, event, "MODE");
        irc_param(out, event->target);
        str_addf(out, " %s", event->text); /* letters and arguments, each its own parameter */
        break;
    default: /* FORM_HIDDEN */
        break;
    }
}

void irc_event_format(unsigned class, const struct event *event, struct str *out)
{
    if (class & FORM_HIDDEN)
        return;
    if (event->type == EVENT_SPEECH) {
        format_speech(out, class, event);
        return;
    }
    add_tags(out, class, event, true);
    format_other(out, class, event);
    irc_end(out);
}

void irc_event_write(struct irc_client *client, const struct event *event)
{
    struct str *out = &client->door->out;
    str_reset(out);
    irc_event_format(form_of(client, event), event, out);
    irc_response_write(client, out->data, out->len);
}

void irc_event_own(struct irc_client *client, const struct event *event)
{
    struct irc_response *response = &client->response;
    if (!response->open || strcmp(response->shown_id, event->id) == 0)
        return;
    memcpy(response->shown_id, event->id, sizeof response->shown_id);
    irc_event_write(client, event);
}

void irc_event_echo(struct irc_client *client, const struct event *event)
{
    if (irc_has(client, CAP_ECHO_MESSAGE))
        irc_event_write(client, event);
    if (event->peer != client->session)
        return;
    struct str *out = &client->door->out;
    str_reset(out);
    irc_event_format(form_of(client, event), event, out);
    gate_write(client->gate, client->session, out->data, out->len);
}
