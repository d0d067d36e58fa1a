/*
 * From the user's intents to lines, as many as may be in flight.
 *
 * One PING covers all lines sent before it: servers act on a client's lines in their order. While it
 * waits a further batch may go out, within SESSION_MAX_IN_FLIGHT_BYTES.
 */
#include "client/session/outgoing.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/ban.h"
#include "client/session/capability.h"
#include "client/session/compose.h"
#include "client/session/ctcp.h"
#include "client/session/delivery.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/marker.h"
#include "client/session/search.h"

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
        delivery_settle(s, entry, LINE_UNSURE, 0);
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
        ctcp_asked(s, intent->target, intent->buffer);
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
        delivery_settle(s, entry, LINE_SETTLED, 0);
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
            delivery_settle(s, entry, LINE_UNSURE, 0);
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

static bool probe_is_due(const struct session *s)
{
    return !s->probe.waits && (s->probe.uncovered_bytes > 0 || s->phase == PHASE_ENTERING ||
                               s->now_ms - s->probe.sent_ms >= SESSION_PROBE_MS);
}

void outgoing_step(struct session *s)
{
    if (s->phase < PHASE_ENTERING)
        return;
    delivery_step(s);
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
    int64_t late_ms = delivery_deadline_ms(s);
    return late_ms < next_ms ? late_ms : next_ms;
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
    delivery_answered(s, s->probe.covers);
}

void outgoing_lost(struct session *s)
{
    delivery_lost(s);
    s->probe.covered_bytes = s->probe.uncovered_bytes = 0;
    s->probe.waits = s->probe.shown_missing = false;
}
