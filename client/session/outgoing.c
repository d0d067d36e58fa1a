/*
 * From the user's intents to lines, and what becomes of them.
 *
 * Speech is acknowledged by its echo, or, where the server gives none, by the answer to a PING that
 * was sent behind it: servers act on a client's lines in their order. One PING covers all lines sent
 * before it; while it waits a further batch may go out, within SESSION_MAX_IN_FLIGHT_BYTES.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/session/command.h"
#include "client/session/internal.h"
#include "client/session/split.h"
#include "common/alloc.h"

/* An echo that a PING overtook has so long to come: a bouncer answers PINGs by itself. */
#define LATE_ECHO_MS 10000

/* So long does a server take at most to notice that a connection is gone; then it is said again. */
#define GHOST_MS 60000

/* What stands in front of our messages when the server has not shown us: `user@host` at its longest. */
#define UNKNOWN_PREFIX_BYTES (sizeof(":!~ @ ") + 10 + 63)
#define LEAST_TEXT_BYTES 64

/* As much for nick, user and host together where a text may have to be cut in the same places again,
 * in another run of the program and under another nick: its parts are known by their number. */
#define STABLE_PREFIX_BYTES 160

static const char action_begin[] = "\001ACTION ";

/* Whether what was heard already may be said again, since the server notices. */
static bool has_ids(const struct session *s)
{
    return s->isupport.client_ids && (s->caps & CAP_MESSAGE_TAGS);
}

static size_t max_text_bytes(const struct session *s, const char *target, bool action)
{
    size_t prefix =
        strlen(s->model->nick) + (s->prefix_bytes ? s->prefix_bytes : UNKNOWN_PREFIX_BYTES);
    size_t used = strlen(target) + strlen(" PRIVMSG  :\r\n") +
                  (has_ids(s) ? STABLE_PREFIX_BYTES : prefix) + (action ? sizeof(action_begin) : 0);
    size_t line_bytes = s->isupport.line_bytes;
    return used + LEAST_TEXT_BYTES < line_bytes ? line_bytes - used : LEAST_TEXT_BYTES;
}

size_t outgoing_text_bytes(const struct session *s)
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

/* Cuts speech into messages, or leaves it whole. */
static void set_speech(const struct session *s, struct awaited *entry, const char *text)
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

static void add_intent(struct session *s, const struct intent *intent)
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
        str_addf(&line, " :%s", s->device_label);
    if (composed || intent->type == INTENT_RAW) {
        set_raw(&entry, composed ? line.data : intent->text);
    } else {
        entry.command = xstrdup(command_of(intent->type));
        entry.target = intent->target ? xstrdup(intent->target) : NULL;
    }
    entry.action = intent->type == INTENT_ACTION;
    entry.reply_to = speech && intent->about ? xstrdup(intent->about) : NULL;
    if (speech) {
        set_speech(s, &entry, intent->text);
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
    if (has_ids(s))
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

/* Where no echo will come, what was sent is taken to hold. */
static void assume(struct session *s, const struct intent *intent)
{
    struct buffer *buffer = intent->about ? model_find(s->model, intent->target) : NULL;
    if (!buffer || (s->caps & CAP_ECHO_MESSAGE))
        return;
    if (intent->type == INTENT_REMOVE)
        traffic_take_back(s->model, buffer, intent->about, s->model->nick, "");
    else if (intent->type == INTENT_REACT || intent->type == INTENT_UNREACT)
        traffic_react(s->model, buffer, intent->about, s->model->nick, intent->text,
                      intent->type == INTENT_REACT);
}

static void send_next(struct session *s, struct awaited *entry)
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
    s->uncovered_bytes += s->output.len - before;
}

static void settle(struct session *s, struct awaited *entry, enum line_state state, int64_t time_ms)
{
    entry->done = true;
    if (!entry->line)
        return;
    s->n_undelivered += state != LINE_SETTLED;
    traffic_settle(s->model, entry->line, state, time_ms);
}

/* Our last connection may still be there, with our nick, and what it was given may be on its way. */
static bool may_have_ghost(const struct session *s)
{
    return s->nick_tries > 0 && !session_is_me(s, s->wanted_nick) &&
           s->now_ms - s->entered_ms < GHOST_MS;
}

/* What may have arrived is said again when the history of the time has been looked through, under the
 * nick by which the server knows it. */
static bool may_be_found(const struct session *s, const struct awaited *entry)
{
    return backlog_is_busy(s) || may_have_ghost(s) ||
           awaiting_command(&s->awaiting, &s->isupport, "JOIN", entry->target);
}

/* Another server than the one it was made for. */
static void recut(struct session *s, struct awaited *entry)
{
    char *text = entry->texts;
    if (entry->again) { /* in parts it would be another message */
        settle(s, entry, LINE_UNSURE, 0);
        return;
    }
    set_speech(s, entry, text);
    free(text);
}

static void take_intent(struct session *s, const struct intent *intent)
{
    if (intent->type == INTENT_OLDER) {
        backlog_older(s, intent->target);
    } else if (intent->type == INTENT_SEARCH || intent->type == INTENT_SEARCH_ON) {
        search_ask(s, intent);
    } else if (!intent->again || traffic_is_pending(s->model, intent->line)) {
        add_intent(s, intent);
        assume(s, intent);
    }
}

/* The user has stopped a line of which a part is sent: the rest is not said. */
static void stop_line(struct session *s)
{
    struct awaited *entry = awaiting_unsent(&s->awaiting);
    const struct buffer *buffer = model_find_id(s->model, s->model->stopped);
    s->model->stopped = 0;
    if (!entry || !entry->line || !buffer || model_find(s->model, entry->target) != buffer)
        return;
    struct str said;
    str_init(&said, LINE_TEXT_MAX_BYTES);
    const char *text = entry->texts;
    entry->n_texts = entry->n_sent > 0 ? entry->n_sent : 1;
    for (unsigned i = 0; i < entry->n_texts; i++, text += strlen(text) + 1)
        str_addf(&said, "%s%s", i > 0 ? " " : "", text);
    traffic_cut(s->model, entry->line, said.data);
    str_release(&said);
    if (entry->n_echoed == entry->n_texts)
        settle(s, entry, LINE_SETTLED, 0);
    s->uncovered_bytes++; /* a PING may have been answered already: another one is due */
}

/* Sends as much as may be in flight. */
static void send_intents(struct session *s)
{
    struct intent intent;
    for (;;) {
        size_t in_flight = s->covered_bytes + s->uncovered_bytes;
        if (in_flight + s->isupport.line_bytes > SESSION_MAX_IN_FLIGHT_BYTES && in_flight > 0)
            return;
        struct awaited *entry = awaiting_unsent(&s->awaiting);
        if (entry && entry->again && may_be_found(s, entry)) {
            return;
        } else if (entry && entry->again && !has_ids(s)) {
            settle(s, entry, LINE_UNSURE, 0);
        } else if (entry && entry->batch && !(s->caps & CAP_MULTILINE)) {
            recut(s, entry);
        } else if (entry) {
            send_next(s, entry);
        } else if (!awaiting_full(&s->awaiting) && model_take_intent(s->model, &intent)) {
            take_intent(s, &intent);
            intent_release(&intent);
            awaiting_drop_done(&s->awaiting);
        } else {
            return;
        }
    }
}

static void send_probe(struct session *s)
{
    char token[32];
    s->probe.waits = true;
    s->probe.token++;
    s->probe.sent_ms = s->now_ms;
    s->probe.covers = s->awaiting.last_number;
    s->covered_bytes += s->uncovered_bytes;
    s->uncovered_bytes = 0;
    snprintf(token, sizeof(token), "snug%" PRIu64, s->probe.token);
    session_send(s, "PING", token, NULL);
}

/* Echoes that never came although the server answered what was sent behind. */
static void give_up_late_echoes(struct session *s)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->answered_ms && s->now_ms - entry->answered_ms >= LATE_ECHO_MS)
            settle(s, entry, LINE_UNSURE, 0);
}

static bool probe_is_due(const struct session *s)
{
    return !s->probe.waits && (s->uncovered_bytes > 0 || s->phase == PHASE_ENTERING ||
                               s->now_ms - s->probe.sent_ms >= SESSION_PROBE_MS);
}

void outgoing_step(struct session *s)
{
    if (s->phase < PHASE_ENTERING)
        return;
    give_up_late_echoes(s);
    if (s->model->stopped)
        stop_line(s);
    awaiting_drop_done(&s->awaiting);
    if (s->phase == PHASE_ONLINE)
        send_intents(s);
    if (probe_is_due(s))
        send_probe(s);
    if (s->probe.waits && !s->probe.shown_missing &&
        s->now_ms - s->probe.sent_ms >= SESSION_SLOW_MS) {
        s->probe.shown_missing = true;
        traffic_no_answer(s->model, s->probe.sent_ms);
    }
}

int64_t outgoing_deadline_ms(const struct session *s)
{
    if (s->phase < PHASE_ENTERING)
        return INT64_MAX;
    int64_t next_ms = s->probe.sent_ms + SESSION_PROBE_MS;
    if (s->probe.waits)
        next_ms = s->probe.shown_missing ? INT64_MAX : s->probe.sent_ms + SESSION_SLOW_MS;
    const struct awaited *first = awaiting_at(&s->awaiting, 0);
    if (first && first->answered_ms && first->answered_ms + LATE_ECHO_MS < next_ms)
        next_ms = first->answered_ms + LATE_ECHO_MS;
    return next_ms;
}

/* The server has acted on all of the entry: said what there is to say against it, or nothing. */
static void answered(struct session *s, struct awaited *entry)
{
    if (entry->line && (s->caps & CAP_ECHO_MESSAGE))
        entry->answered_ms = entry->answered_ms ? entry->answered_ms : s->now_ms;
    else
        settle(s, entry, LINE_SETTLED, 0);
}

void outgoing_pong(struct session *s, const struct incoming *in)
{
    char token[32];
    snprintf(token, sizeof(token), "snug%" PRIu64, s->probe.token);
    if (!s->probe.waits || strcmp(in->m->params[in->m->n_params - 1], token) != 0)
        return;
    s->probe.waits = s->probe.shown_missing = false;
    s->covered_bytes = 0;
    traffic_lag(s->model, s->now_ms > s->probe.sent_ms ? s->now_ms - s->probe.sent_ms : 0);
    if (s->phase == PHASE_ENTERING)
        session_entered(s);
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->n_sent == entry->n_texts &&
            entry->first_number + entry->n_sent - 1 <= s->probe.covers)
            answered(s, entry);
    awaiting_drop_done(&s->awaiting);
}

/* All of it came back, perhaps plain. */
static void accept(struct session *s, struct awaited *entry, const struct incoming *in,
                   const char *text)
{
    entry->done = true;
    if (entry->n_texts == 1 && strcmp(entry->texts, text) != 0 && format_same(entry->texts, text))
        traffic_plain(s->model, entry->line);
    traffic_accept(s->model, entry->line, in->time_ms, *in->msgid ? in->msgid : NULL);
}

bool outgoing_echo(struct session *s, const struct incoming *in, const char *command,
                   const char *target, bool action, const char *text)
{
    struct awaited *entry = in->request && in->request->line ? in->request : NULL;
    /* Where echoes have labels, one without comes from elsewhere, or is our word to ourselves. */
    if (!entry && !(s->caps & CAP_LABELED_RESPONSE))
        entry = awaiting_echo(&s->awaiting, &s->isupport, command, target, action, text);
    if (!entry || entry->done)
        return entry != NULL;
    entry->n_echoed++;
    entry->next_echo += strlen(entry->next_echo) + 1;
    if (entry->n_echoed == entry->n_texts)
        accept(s, entry, in, text);
    return true;
}

void outgoing_found(struct session *s, uint64_t line)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (entry->line == line)
            entry->done = true;
}

void outgoing_refused(struct session *s, struct awaited *entry)
{
    settle(s, entry, LINE_FAILED, 0);
}

static void lose_command(struct session *s, const struct awaited *entry)
{
    if (!strcmp(entry->command, "JOIN") || !strcmp(entry->command, "QUIT"))
        return; /* rooms are joined again */
    struct buffer *buffer = model_find_id(s->model, entry->buffer);
    struct str text;
    str_init(&text, IRC_MAX_BODY_BYTES);
    str_addf(&text, "the connection was lost before %.32s was answered", entry->command);
    traffic_hear(s->model, buffer ? buffer : s->model->buffers[0],
                 &(struct heard){.kind = LINE_ERROR, .text = text.data, .time_ms = s->now_ms});
    str_release(&text);
}

/* What becomes of an entry that was sent at least in part. */
static void lose(struct session *s, struct awaited *entry)
{
    if (entry->line && s->isupport.client_ids) { /* said again, under the same ids */
        entry->again = true;
        entry->n_sent = entry->n_echoed = 0;
        entry->answered_ms = 0;
        entry->next_text = entry->next_echo = entry->texts;
        return;
    }
    if (!entry->line)
        lose_command(s, entry);
    settle(s, entry, LINE_UNSURE, 0);
}

void outgoing_lost(struct session *s)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->n_sent > 0)
            lose(s, entry);
    awaiting_drop_done(&s->awaiting);
    s->covered_bytes = s->uncovered_bytes = 0;
    s->probe.waits = s->probe.shown_missing = false;
}
