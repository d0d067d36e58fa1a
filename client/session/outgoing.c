/*
 * From the user's intents to lines, and what becomes of them.
 *
 * Speech is acknowledged by its echo, or, where the server gives none, by the answer to a PING that
 * was sent behind it: servers act on a client's lines in their order. One PING covers all lines sent
 * before it; while it waits a further batch may go out, within SESSION_MAX_IN_FLIGHT_BYTES.
 */
#include "client/session/outgoing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/ban.h"
#include "client/session/capability.h"
#include "client/session/compose.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/marker.h"
#include "client/session/search.h"
#include "client/session/talk.h"

/* An echo that a PING overtook has so long to come: a bouncer answers PINGs by itself. */
#define LATE_ECHO_MS 10000

/* So long does a server take at most to notice that a connection is gone; then it is said again. */
#define GHOST_MS 60000

/* Where no echo will come, what was sent is taken to hold. */
static void assume(struct session *s, const struct intent *intent)
{
    struct buffer *buffer = intent->about ? model_find(s->model, intent->target) : NULL;
    if (!buffer || (s->caps & CAP_ECHO_MESSAGE))
        return;
    if (intent->type == INTENT_REMOVE)
        traffic_take_back(s->model, buffer, intent->about, s->model->nick, "", s->now_ms);
    else if (intent->type == INTENT_REACT || intent->type == INTENT_UNREACT)
        traffic_react(s->model, buffer, intent->about, s->model->nick, intent->text,
                      intent->type == INTENT_REACT, s->now_ms);
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
    compose_speech(s, entry, text);
    free(text);
}

static void take_intent(struct session *s, const struct intent *intent)
{
    if (intent->type == INTENT_QUIT)
        marker_tell(s);
    if (intent->type == INTENT_CTCP)
        talk_ctcp_asked(s, intent->target, intent->buffer);
    if (intent->type == INTENT_OLDER) {
        backlog_older(s, intent->target);
    } else if (intent->type == INTENT_SEARCH || intent->type == INTENT_SEARCH_ON) {
        search_ask(s, intent);
    } else if (ban_asks(s, intent)) {
        return;
    } else if (!intent->again || traffic_is_pending(s->model, intent->line)) {
        compose_intent(s, intent);
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
    s->probe.uncovered_bytes++; /* a PING may have been answered already: another one is due */
}

/* Sends as much as may be in flight. */
static void send_intents(struct session *s)
{
    struct intent intent;
    for (;;) {
        size_t in_flight = s->probe.covered_bytes + s->probe.uncovered_bytes;
        if (in_flight + s->isupport.line_bytes > SESSION_MAX_IN_FLIGHT_BYTES && in_flight > 0)
            return;
        struct awaited *entry = awaiting_unsent(&s->awaiting);
        if (entry && entry->again && may_be_found(s, entry)) {
            return;
        } else if (entry && entry->again && !compose_has_ids(s)) {
            settle(s, entry, LINE_UNSURE, 0);
        } else if (entry && entry->batch && !(s->caps & CAP_MULTILINE)) {
            recut(s, entry);
        } else if (entry) {
            compose_next(s, entry);
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
    s->probe.covered_bytes += s->probe.uncovered_bytes;
    s->probe.uncovered_bytes = 0;
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
    return !s->probe.waits && (s->probe.uncovered_bytes > 0 || s->phase == PHASE_ENTERING ||
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
    if (!s->probe.waits || strcmp(irc_param_last(in->m), token) != 0)
        return;
    s->probe.waits = s->probe.shown_missing = false;
    s->probe.covered_bytes = 0;
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
    s->probe.covered_bytes = s->probe.uncovered_bytes = 0;
    s->probe.waits = s->probe.shown_missing = false;
}
