/*
 * Intents worded as what is to be sent, and its lines written, one by one: how a text is cut, which
 * tags it carries, which label its answer will bear.
 */
#include "client/session/compose.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/capability.h"
#include "client/session/command.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/multiline.h"
#include "client/session/split.h"
#include "common/alloc.h"

/* What stands in front of our messages when the server has not shown us: `user@host` at its longest. */
#define UNKNOWN_PREFIX_BYTES (sizeof(":!~ @ ") + 10 + 63)
#define LEAST_TEXT_BYTES 64

/* As much for nick, user and host together where a text may have to be cut in the same places again,
 * in another run of the program and under another nick: its parts are known by their number. */
#define STABLE_PREFIX_BYTES 160

static const char action_begin[] = "\001ACTION ";

bool compose_has_ids(const struct session *s)
{
    return s->isupport.client_ids && (s->caps & CAP_MESSAGE_TAGS);
}

static size_t max_text_bytes(const struct session *s, const char *target, bool action)
{
    size_t prefix =
        strlen(s->model->nick) + (s->prefix_bytes ? s->prefix_bytes : UNKNOWN_PREFIX_BYTES);
    size_t used = strlen(target) + strlen(" PRIVMSG  :\r\n") +
                  (compose_has_ids(s) ? STABLE_PREFIX_BYTES : prefix) +
                  (action ? sizeof(action_begin) : 0);
    size_t line_bytes = s->isupport.line_bytes;
    return used + LEAST_TEXT_BYTES < line_bytes ? line_bytes - used : LEAST_TEXT_BYTES;
}

size_t compose_text_bytes(const struct session *s)
{
    return max_text_bytes(s, s->model->current->name, false);
}

/* Cuts the text into the entry's messages. */
static void set_texts(const struct session *s, struct awaited *entry, const char *text)
{
    size_t len = strlen(text), max_bytes = max_text_bytes(s, entry->target, entry->action);
    struct str texts;
    str_init(&texts, 2 * len + 1);
    while (len > 0) {
        size_t begin, part_len, next = split_next(text, len, max_bytes, &begin, &part_len);
        if (part_len > 0) {
            str_add(&texts, text + begin, part_len);
            str_addc(&texts, '\0');
            entry->n_texts++;
        }
        text += next;
        len -= next;
    }
    entry->next_text = entry->next_echo = entry->texts = str_detach(&texts);
}

/* Whether the text is to be sent as one message of several lines, and the server takes it so. */
static bool fits_batch(const struct session *s, const struct awaited *entry, const char *text)
{
    unsigned needed = CAP_MULTILINE | CAP_BATCH;
    size_t max_bytes = max_text_bytes(s, entry->target, false), len = strlen(text);
    return !entry->action && (s->caps & needed) == needed &&
           (len > max_bytes || strchr(text, '\n')) && len <= s->multiline.max_bytes &&
           multiline_count(text, max_bytes) <= s->multiline.max_lines;
}

void compose_speech(const struct session *s, struct awaited *entry, const char *text)
{
    entry->n_texts = entry->n_sent = entry->n_echoed = 0;
    entry->batch = fits_batch(s, entry, text);
    if (!entry->batch) {
        set_texts(s, entry, text);
        return;
    }
    entry->next_text = entry->next_echo = entry->texts = xstrdup(text);
    entry->n_texts = 1;
}

/* The command and the target of a line of the user's own making, for finding its answers. */
static void set_raw(struct awaited *entry, const char *line)
{
    const char *command = line + (line[0] == '@' ? strcspn(line, " ") : 0);
    command += strspn(command, " ");
    size_t len = strcspn(command, " ");
    const char *target = command + len + strspn(command + len, " ");
    entry->raw = true;
    entry->command = xmemdup0(command, len);
    for (char *at = entry->command; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    entry->target = *target && *target != ':' ? xmemdup0(target, strcspn(target, " ")) : NULL;
}

static const char *command_of(enum intent_type type)
{
    static const char *const commands[] = {
        [INTENT_SAY] = "PRIVMSG", [INTENT_ACTION] = "PRIVMSG", [INTENT_NICK] = "NICK",
        [INTENT_JOIN] = "JOIN",   [INTENT_PART] = "PART",      [INTENT_TOPIC] = "TOPIC",
        [INTENT_NAMES] = "NAMES", [INTENT_RAW] = "",           [INTENT_QUIT] = "QUIT",
        [INTENT_OLDER] = "",      [INTENT_SEARCH] = "",        [INTENT_SEARCH_ON] = "",
    };
    return commands[type];
}

void compose_intent(struct session *s, const struct intent *intent)
{
    struct awaited entry = {.line = intent->line,
                            .origin = intent->origin,
                            .again = intent->again,
                            .buffer = intent->buffer,
                            .n_texts = 1};
    bool speech = intent->type == INTENT_SAY || intent->type == INTENT_ACTION;
    struct str line;
    str_init(&line, LINE_TEXT_MAX_BYTES + IRC_MAX_BODY_BYTES);
    bool composed = command_compose(intent, &line);
    if (intent->type == INTENT_DEVICE_ADD)
        str_addf(&line, " :%s", s->device.label);
    if (composed || intent->type == INTENT_RAW) {
        set_raw(&entry, composed ? line.data : intent->text);
    } else {
        entry.command = xstrdup(command_of(intent->type));
        entry.target = intent->target ? xstrdup(intent->target) : NULL;
    }
    entry.action = intent->type == INTENT_ACTION;
    entry.reply_to = speech && intent->about ? xstrdup(intent->about) : NULL;
    if (speech) {
        compose_speech(s, &entry, intent->text);
        entry.done = entry.n_texts == 0; /* nothing but line breaks */
    } else {
        const char *text = composed ? line.data : intent->text;
        entry.texts = text ? xstrdup(text) : NULL;
    }
    if (entry.done)
        traffic_settle(s->model, entry.line, LINE_FAILED, 0);
    str_release(&line);
    awaiting_add(&s->awaiting, &entry);
}

/* The id that a message keeps when it is said again: who says it is part of what makes it unique. */
static void add_message_id(struct session *s, const struct awaited *entry)
{
    char id[64];
    const struct line_origin *origin = &entry->origin;
    snprintf(id, sizeof(id), "%016" PRIx64 "-%" PRIu64 ".%u", origin->run ? origin->run : s->seed,
             origin->number, entry->n_sent);
    irc_tag(&s->output, "+snug.chat/id", id);
}

static void add_label(struct session *s)
{
    char label[24];
    snprintf(label, sizeof(label), "%" PRIu64, s->awaiting.last_number);
    irc_tag(&s->output, "label", label);
}

/* A line of the user's own making, with nothing in it that would end it early. */
static void write_raw(struct session *s, const char *line)
{
    bool tags = line[0] == '@', may_have_label = tags && line[1] != '+';
    if ((s->caps & CAP_LABELED_RESPONSE) && !may_have_label) {
        str_addf(&s->output, "@label=%" PRIu64 "%c", s->awaiting.last_number, tags ? ';' : ' ');
        line += tags;
    }
    for (; *line; line++)
        str_addc(&s->output, *line == '\r' || *line == '\n' ? ' ' : *line);
    str_adds(&s->output, "\r\n");
}

static void add_reply(struct session *s, const char *msgid)
{
    struct str tags;
    str_init(&tags, IRC_MAX_CLIENT_TAG_DATA_BYTES);
    command_reply_tags(msgid, &tags);
    irc_tags_raw(&s->output, tags.data, tags.len);
    str_release(&tags);
}

/* What belongs to the message as a whole stands where its batch is opened. */
static void write_batch(struct session *s, struct awaited *entry)
{
    char reference[24];
    size_t max_bytes = max_text_bytes(s, entry->target, false);
    snprintf(reference, sizeof(reference), "+%" PRIu64, s->awaiting.last_number);
    irc_begin(&s->output, NULL, "BATCH");
    irc_param(&s->output, reference);
    irc_param(&s->output, "draft/multiline");
    irc_trailing(&s->output, entry->target);
    irc_end(&s->output);
    multiline_write(&s->output, reference + 1, entry->target, entry->next_text, max_bytes,
                    s->isupport.line_bytes - 2);
    *reference = '-';
    session_send(s, "BATCH", reference, NULL);
}

static void write_message(struct session *s, struct awaited *entry)
{
    if (compose_has_ids(s))
        add_message_id(s, entry);
    if (entry->reply_to && entry->n_sent == 0 && (s->model->abilities & ABLE_REPLY))
        add_reply(s, entry->reply_to);
    if (entry->batch) {
        write_batch(s, entry);
        return;
    }
    irc_begin(&s->output, NULL, entry->command);
    irc_param(&s->output, entry->target);
    if (entry->action)
        irc_trailingf(&s->output, "%s%s\001", action_begin, entry->next_text);
    else
        irc_trailing(&s->output, entry->next_text);
    irc_end_within(&s->output, s->isupport.line_bytes - 2);
    entry->next_text += strlen(entry->next_text) + 1;
}

static void write_command(struct session *s, const struct awaited *entry)
{
    irc_begin(&s->output, NULL, entry->command);
    if (entry->target && entry->texts)
        irc_param(&s->output, entry->target);
    else if (entry->target)
        irc_trailing(&s->output, entry->target);
    if (entry->texts)
        irc_trailing(&s->output, entry->texts);
    irc_end(&s->output);
}

void compose_next(struct session *s, struct awaited *entry)
{
    size_t before = s->output.len;
    s->awaiting.last_number++;
    if (entry->n_sent == 0)
        entry->first_number = s->awaiting.last_number;
    if (entry->n_sent == 0 && entry->line)
        traffic_sent(s->model, entry->line);
    if (!entry->raw && (s->caps & CAP_LABELED_RESPONSE))
        add_label(s);
    if (entry->raw)
        write_raw(s, entry->texts);
    else if (entry->line)
        write_message(s, entry);
    else
        write_command(s, entry);
    entry->n_sent++;
    if (!strcmp(entry->command, "JOIN") && entry->target && !strchr(entry->target, ','))
        session_want_room(s, entry->target, entry->raw ? NULL : entry->texts);
    s->probe.uncovered_bytes += s->output.len - before;
}
