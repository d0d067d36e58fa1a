#include "server/door/irc/form.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "server/door/irc/caps.h"
#include "server/door/irc/pieces.h"
#include "server/door/irc/ranks.h"
#include "server/door/irc/timestamp.h"

enum {
    SOURCE_BYTES = 320, /* of nick!user@host */
};

static_assert((unsigned)FORM_ALL < (unsigned)DOOR_CLASSES_MAX, "a class is a small integer");

#define CONCAT_TAG "draft/multiline-concat"

/* An event that is being written. */
struct writing {
    const struct irc_door *door;
    const struct event *event;
    struct str *out;
    unsigned form;
};

static void add_time(struct str *out, int64_t time_ms)
{
    char text[IRC_TIMESTAMP_BYTES];
    irc_timestamp_write(text, time_ms);
    irc_tag(out, "time", text);
}

/* The tags of a line; only the first of an event names it. */
static void add_tags(const struct writing *writing, bool first)
{
    const struct event *event = writing->event;
    if (writing->form & FORM_TIME)
        add_time(writing->out, event->time_ms);
    if (writing->form & FORM_ACCOUNT)
        irc_tag(writing->out, "account", event->who.account);
    if (!(writing->form & FORM_TAGS))
        return;
    if (first && event->id[0])
        irc_tag(writing->out, "msgid", event->id);
    if (event->who.bot)
        irc_tag(writing->out, "bot", NULL);
    if (event->tags)
        irc_tags_raw(writing->out, event->tags, strlen(event->tags));
}

/* Begins the body of a line: who did what. */
static void begin(const struct writing *writing, const char *command)
{
    const struct who *who = &writing->event->who;
    char source[SOURCE_BYTES];
    if (who->nick)
        snprintf(source, sizeof source, "%s!%s@%s", who->nick, who->user, who->host);
    else
        snprintf(source, sizeof source, "%s", writing->door->server_name);
    irc_begin(writing->out, source, command);
}

/* Speech. */

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
    return *before_text(speech) ? "\001" : "";
}

size_t irc_form_text_bytes(const struct event *event)
{
    size_t around = strlen(":!@    :") + (event->rank != 0) + strlen(event->who.nick) +
                    strlen(event->who.user) + strlen(event->who.host) +
                    strlen(verb_of(event->speech)) - 1 + strlen(event->target) +
                    strlen(before_text(event->speech)) + strlen(after_text(event->speech));
    return around < IRC_MAX_BODY_BYTES ? IRC_MAX_BODY_BYTES - around : 1;
}

/* The room or person spoken to; "@#room" where only those of a rank are meant. */
static void add_target(const struct writing *writing)
{
    const struct event *event = writing->event;
    char symbols[IRC_RANK_SYMBOLS_BYTES];
    irc_rank_write(symbols, event->rank, false);
    char target[SOURCE_BYTES];
    snprintf(target, sizeof target, "%s%s", symbols, event->target);
    irc_param(writing->out, target);
}

static void speech_body(const struct writing *writing, const struct piece *piece)
{
    enum speech speech = writing->event->speech;
    begin(writing, verb_of(speech));
    add_target(writing);
    struct str wrapped;
    str_init(&wrapped, IRC_MAX_BODY_BYTES);
    str_adds(&wrapped, before_text(speech));
    str_add(&wrapped, piece->text, piece->len);
    str_adds(&wrapped, after_text(speech));
    irc_trailing(writing->out, wrapped.data);
    irc_end(writing->out);
    str_release(&wrapped);
}

/* One message of several lines as a batch (IRCv3 draft/multiline); the id names it. */
static void write_batch(const struct writing *writing, struct pieces *pieces)
{
    const struct event *event = writing->event;
    char reference[EVENT_ID_MAX + 1];
    add_tags(writing, true);
    begin(writing, "BATCH");
    snprintf(reference, sizeof reference, "+%s", event->id);
    irc_param(writing->out, reference);
    irc_param(writing->out, "draft/multiline");
    add_target(writing);
    irc_end(writing->out);
    for (struct piece piece; pieces_next(pieces, &piece);) {
        irc_tag(writing->out, "batch", event->id);
        if (piece.joined)
            irc_tag(writing->out, CONCAT_TAG, NULL);
        speech_body(writing, &piece);
    }
    begin(writing, "BATCH");
    reference[0] = '-';
    irc_param(writing->out, reference);
    irc_end(writing->out);
}

/* What does not fit into one line is shown whole, on several; empty ones would be of no use there. */
static void write_speech(const struct writing *writing)
{
    struct pieces pieces = pieces_of(writing->event, irc_form_text_bytes(writing->event));
    if (irc_form_is_batch(writing->form, writing->event)) {
        write_batch(writing, &pieces);
        return;
    }
    bool first = true;
    for (struct piece piece; pieces_next(&pieces, &piece);) {
        if (piece.len == 0 && !(pieces.done && first))
            continue;
        add_tags(writing, first);
        speech_body(writing, &piece);
        first = false;
    }
}

bool irc_form_is_batch(unsigned form, const struct event *event)
{
    return event->type == EVENT_SPEECH && event->speech != SPEECH_TAGS && form & FORM_RICH &&
           pieces_several(event, irc_form_text_bytes(event));
}

/* Everything else: a line each, of which begin() and the tags are written already. */

static void write_target(const struct writing *writing)
{
    add_target(writing);
}

static void write_target_text(const struct writing *writing)
{
    irc_param(writing->out, writing->event->target);
    if (writing->event->text)
        irc_trailing(writing->out, writing->event->text);
}

static void write_text(const struct writing *writing)
{
    irc_trailing(writing->out, writing->event->text ? writing->event->text : "");
}

/* JOIN with account and real name (IRCv3 extended-join). */
static void write_join(const struct writing *writing)
{
    const struct event *event = writing->event;
    irc_param(writing->out, event->target);
    if (!(writing->form & FORM_RICH))
        return;
    irc_param(writing->out, event->who.account ? event->who.account : "*");
    irc_trailing(writing->out, event->realname ? event->realname : event->who.nick);
}

static void write_topic(const struct writing *writing)
{
    irc_param(writing->out, writing->event->target);
    write_text(writing);
}

static void write_kick(const struct writing *writing)
{
    const struct event *event = writing->event;
    irc_param(writing->out, event->target);
    irc_param(writing->out, event->object);
    irc_trailing(writing->out, event->text ? event->text : event->who.nick);
}

/* The text is letters and arguments, each its own parameter. */
static void write_mode(const struct writing *writing)
{
    irc_param(writing->out, writing->event->target);
    str_addf(writing->out, " %s", writing->event->text);
}

static void write_rename(const struct writing *writing)
{
    irc_param(writing->out, writing->event->target);
    irc_param(writing->out, writing->event->object);
    write_text(writing);
}

static void write_redact(const struct writing *writing)
{
    irc_param(writing->out, writing->event->target);
    irc_param(writing->out, writing->event->object);
    if (writing->event->text)
        irc_trailing(writing->out, writing->event->text);
}

static void write_away(const struct writing *writing)
{
    if (writing->event->text)
        irc_trailing(writing->out, writing->event->text);
}

static void write_account(const struct writing *writing)
{
    const char *account = writing->event->who.account;
    irc_param(writing->out, account ? account : "*");
}

static void write_host(const struct writing *writing)
{
    irc_param(writing->out, writing->event->who.user);
    irc_param(writing->out, writing->event->text);
}

static void write_invite(const struct writing *writing)
{
    irc_param(writing->out, writing->event->object);
    irc_param(writing->out, writing->event->target);
}

/* How each type of event is worded; those that are not here are not shown, or to each reader in
 * words of his own. */
static const struct wording {
    const char *command; /* NULL: the function writes whole lines */
    void (*write)(const struct writing *writing);
    unsigned needs; /* capabilities without which it is hidden */
    unsigned rich;  /* capabilities that give it FORM_RICH */
} wordings[] = {
    [EVENT_SPEECH] = {NULL, write_speech, 0, CAP_MULTILINE | CAP_BATCH},
    [EVENT_JOIN] = {"JOIN", write_join, 0, CAP_EXTENDED_JOIN},
    [EVENT_PART] = {"PART", write_target_text, 0, 0},
    [EVENT_QUIT] = {"QUIT", write_text, 0, 0},
    [EVENT_NICK] = {"NICK", write_text, 0, 0},
    [EVENT_TOPIC] = {"TOPIC", write_topic, 0, 0},
    [EVENT_KICK] = {"KICK", write_kick, 0, 0},
    [EVENT_MODE] = {"MODE", write_mode, 0, 0},
    [EVENT_RENAME] = {"RENAME", write_rename, CAP_CHANNEL_RENAME, 0},
    [EVENT_REDACT] = {"REDACT", write_redact, CAP_REDACTION, 0},
    [EVENT_SIGN] = {"TAGMSG", write_target, CAP_MESSAGE_TAGS, 0},
    [EVENT_AWAY] = {"AWAY", write_away, CAP_AWAY_NOTIFY, 0},
    [EVENT_REALNAME] = {"SETNAME", write_text, CAP_SETNAME, 0},
    [EVENT_ACCOUNT] = {"ACCOUNT", write_account, CAP_ACCOUNT_NOTIFY, 0},
    [EVENT_HOST] = {"CHGHOST", write_host, CAP_CHGHOST, 0},
    [EVENT_INVITE] = {"INVITE", write_invite, 0, 0},
    [EVENT_WALLOPS] = {"WALLOPS", write_text, 0, 0},
};

/* Speech without words is worded like a passing sign. */
static const struct wording *wording_of(const struct event *event)
{
    static const struct wording nothing = {0};
    bool wordless = event->type == EVENT_SPEECH && event->speech == SPEECH_TAGS;
    enum event_type type = wordless ? EVENT_SIGN : event->type;
    return (size_t)type < sizeof wordings / sizeof *wordings ? &wordings[type] : &nothing;
}

unsigned irc_form_of(unsigned caps, const struct event *event)
{
    const struct wording *wording = wording_of(event);
    unsigned needs = wording->needs | (event->watched ? CAP_EXTENDED_MONITOR : 0);
    if (!wording->write || (caps & needs) != needs)
        return FORM_HIDDEN;
    unsigned form = 0;
    if (caps & CAP_SERVER_TIME)
        form |= FORM_TIME;
    if (caps & CAP_MESSAGE_TAGS)
        form |= FORM_TAGS;
    if (caps & CAP_ACCOUNT_TAG && event->who.account)
        form |= FORM_ACCOUNT;
    if (wording->rich && (caps & wording->rich) == wording->rich)
        form |= FORM_RICH;
    return form;
}

/* What makes a difference to speech: the forms, by the capabilities that they are for. */
static const unsigned speech_caps[] = {
    CAP_SERVER_TIME, /* FORM_TIME, and so on */
    CAP_MESSAGE_TAGS,
    CAP_ACCOUNT_TAG,
    CAP_MULTILINE | CAP_BATCH,
};

static_assert(1u << sizeof speech_caps / sizeof *speech_caps <= (unsigned)DOOR_GROUPS_MAX,
              "a group is a small integer");

unsigned irc_form_group(unsigned caps)
{
    unsigned group = 0;
    for (size_t i = 0; i < sizeof speech_caps / sizeof *speech_caps; i++) {
        if ((caps & speech_caps[i]) == speech_caps[i])
            group |= 1u << i;
    }
    return group;
}

unsigned irc_form_of_group(unsigned group, const struct event *event)
{
    unsigned caps = 0;
    for (size_t i = 0; i < sizeof speech_caps / sizeof *speech_caps; i++) {
        if (group >> i & 1)
            caps |= speech_caps[i];
    }
    return irc_form_of(caps, event);
}

void irc_form_write(const struct irc_door *door, unsigned form, const struct event *event,
                    struct str *out)
{
    const struct wording *wording = wording_of(event);
    if (form & FORM_HIDDEN || !wording->write)
        return;
    const struct writing writing = {.door = door, .event = event, .out = out, .form = form};
    if (!wording->command) {
        wording->write(&writing);
        return;
    }
    add_tags(&writing, true);
    begin(&writing, wording->command);
    wording->write(&writing);
    irc_end(out);
}
