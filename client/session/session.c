/* The life of a session: connections come and go, registration, rooms to return to, time. */
#include "client/session/session.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/ban.h"
#include "client/session/batch.h"
#include "client/session/capability.h"
#include "client/session/compose.h"
#include "client/session/dispatch.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "client/session/listing.h"
#include "client/session/marker.h"
#include "client/session/nick.h"
#include "client/session/outgoing.h"
#include "client/session/rejoin.h"
#include "client/session/search.h"
#include "client/session/targets.h"
#include "client/session/typing.h"
#include "common/alloc.h"

/* Servers may send more than they should; what is longer than this is dropped. */
#define MAX_LINE_BYTES (2 * IRC_MAX_LINE_BYTES)
#define MAX_INPUT_BYTES (8 * MAX_LINE_BYTES)
#define MAX_REASON_BYTES 600
#define MAX_CAP_LIST_BYTES 8192

struct session *session_new(struct model *model, const struct session_config *config)
{
    struct session *s = xcalloc(1, sizeof(*s));
    s->model = model;
    s->wanted_nick = xstrdup(config->nick);
    s->user = xstrdup(config->user);
    s->real_name = xstrdup(config->real_name);
    s->seed = config->seed;
    s->wants_past = config->wants_past;
    traffic_seed(model, config->seed);
    str_init(&s->output, SESSION_MAX_OUTPUT_BYTES);
    str_init(&s->close_reason, MAX_REASON_BYTES);
    str_init(&s->negotiation.list, MAX_CAP_LIST_BYTES);
    linebuf_init(&s->input, MAX_LINE_BYTES, MAX_INPUT_BYTES);
    awaiting_init(&s->awaiting);
    ring_init(&s->targets.conversations, sizeof(struct conversation), CONVERSATIONS_MAX);
    isupport_init(&s->isupport);
    for (const char *const *room = config->rooms; room && *room; room++) {
        char *name = model_room_name(model, *room);
        session_want_room(s, name, NULL);
        traffic_buffer(model, BUFFER_ROOM, name);
        free(name);
    }
    s->guessed_nick = config->guessed_nick;
    s->device.code = config->device_code ? xstrdup(config->device_code) : NULL;
    s->device.label = xstrdup(config->device_label ? config->device_label : "");
    if (config->lobby) {
        s->lobby = xstrdup(config->lobby);
        traffic_buffer(model, BUFFER_ROOM, s->lobby);
    }
    return s;
}

static void free_room(struct wanted_room *room)
{
    free(room->name);
    free(room->key);
}

void session_free(struct session *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_rooms; i++)
        free_room(&s->rooms[i]);
    awaiting_release(&s->awaiting);
    backlog_release(s);
    targets_release(s);
    listing_release(s);
    ban_release(s);
    batch_release_all(s);
    search_release(s);
    linebuf_release(&s->input);
    str_release(&s->output);
    str_release(&s->close_reason);
    str_release(&s->negotiation.list);
    free(s->lobby);
    free(s->device.code);
    free(s->device.label);
    free(s->ctcp.asked_nick);
    free(s->wanted_nick);
    free(s->user);
    free(s->real_name);
    free(s);
}

void session_want_room(struct session *s, const char *name, const char *key)
{
    if (s->n_rooms == SESSION_ROOMS_MAX)
        return; /* joined all the same, but not again after a lost connection */
    char *key_copy = key ? xstrdup(key) : NULL;
    session_forget_room(s, name);
    s->rooms[s->n_rooms++] = (struct wanted_room){.name = xstrdup(name), .key = key_copy};
}

void session_forget_room(struct session *s, const char *name)
{
    for (size_t i = 0; i < s->n_rooms; i++) {
        if (!isupport_same(&s->isupport, s->rooms[i].name, name))
            continue;
        free_room(&s->rooms[i]);
        memmove(&s->rooms[i], &s->rooms[i + 1], (--s->n_rooms - i) * sizeof(s->rooms[0]));
        return;
    }
}

bool session_is_me(const struct session *s, const char *nick)
{
    return isupport_same(&s->isupport, nick, s->model->nick);
}

void session_send(struct session *s, const char *command, ...)
{
    va_list params;
    va_start(params, command);
    irc_begin(&s->output, NULL, command);
    const char *param = va_arg(params, const char *);
    while (param) {
        const char *next = va_arg(params, const char *);
        if (next)
            irc_param(&s->output, param);
        else
            irc_trailing(&s->output, param);
        param = next;
    }
    va_end(params);
    if (!irc_end(&s->output) && s->close_reason.len == 0)
        str_adds(&s->close_reason, "the server reads nothing");
}

void session_connected(struct session *s, int64_t now_ms, bool encrypted, bool has_certificate)
{
    s->now_ms = s->heard_ms = now_ms;
    s->phase = PHASE_REGISTERING;
    s->encrypted = encrypted;
    s->has_certificate = has_certificate;
    s->nick_tries = 0;
    s->nick_max_bytes = SESSION_NICK_MAX_BYTES;
    s->reclaiming = false;
    s->prefix_bytes = 0;
    rejoin_begin(s);
    ban_release(s);
    batch_release_all(s);
    isupport_init(&s->isupport);
    traffic_room_signs(s->model, s->isupport.chantypes);
    linebuf_release(&s->input);
    str_reset(&s->output);
    str_reset(&s->close_reason);
    traffic_own_nick(s->model, s->wanted_nick);
    traffic_own_away(s->model, false); /* who comes is there */
    traffic_operates(s->model, false);
    capability_begin(s);
    session_send(s, "NICK", s->wanted_nick, NULL);
    session_send(s, "USER", s->user, "0", "*", s->real_name, NULL);
}

void session_bye(struct session *s, int64_t now_ms)
{
    s->now_ms = now_ms;
    if (s->phase != PHASE_ONLINE)
        return;
    marker_tell(s);
    session_send(s, "QUIT", NULL);
}

void session_lost(struct session *s, int64_t now_ms, int64_t retry_at_ms, const char *why)
{
    s->now_ms = now_ms;
    /* What the server gave as its reason says more than that the connection ended. */
    const char *reason = s->close_reason.len > 0 ? s->close_reason.data : why;
    outgoing_lost(s);
    if (s->phase == PHASE_ONLINE)
        s->lost_ms = now_ms;
    if (!s->targets.untold_ms)
        s->targets.untold_ms = s->lost_ms;
    s->phase = PHASE_OFFLINE;
    s->typing.told = TYPING_DONE;
    for (size_t i = 0; i < s->model->buffer_count; i++)
        if (s->model->buffers[i]->joined)
            traffic_joined(s->model, s->model->buffers[i], false);
    traffic_offline(s->model, now_ms, retry_at_ms, reason);
    if (s->lost_ms) {
        targets_lost(s);
        backlog_lost(s);
    }
    search_lost(s);
    linebuf_release(&s->input);
    str_release(&s->output);
    str_reset(&s->close_reason);
}

void session_welcomed(struct session *s)
{
    s->phase = PHASE_ENTERING;
    for (size_t i = 0; i < s->n_rooms; i++)
        session_send(s, "JOIN", s->rooms[i].name, s->rooms[i].key, NULL);
    /* Its answer comes behind those to the JOINs: see outgoing_pong. */
    outgoing_step(s);
}

/* A server that is none of ours has no lobby: nothing was said there, so nothing is lost. */
static void close_unused_lobby(struct session *s)
{
    struct buffer *lobby = s->lobby ? model_find(s->model, s->lobby) : NULL;
    if (lobby && !lobby->joined && lobby->pending == 0 && !model_is_begun(s->model, lobby))
        traffic_close(s->model, lobby);
    free(s->lobby);
    s->lobby = NULL;
}

void session_entered(struct session *s)
{
    s->phase = PHASE_ONLINE;
    traffic_message_bytes(s->model, compose_text_bytes(s));
    s->entered_ms = s->now_ms;
    traffic_online(s->model, s->now_ms, s->encrypted);
    capability_tell(s);
    if (backlog_entered(s))
        targets_entered(s);
    if (s->nick_tries > 0 &&
        !session_is_me(s, s->wanted_nick)) /* who had it may have left while we came */
        nick_reclaim(s);
    close_unused_lobby(s);
}

void session_receive(struct session *s, int64_t now_ms, const char *bytes, size_t len)
{
    s->now_ms = s->heard_ms = now_ms;
    while (len > 0 && s->phase != PHASE_OFFLINE) {
        size_t space = linebuf_space(&s->input), n = len < space ? len : space;
        linebuf_feed(&s->input, bytes, n);
        bytes += n;
        len -= n;
        struct line line;
        enum linebuf_result result;
        while ((result = linebuf_next(&s->input, &line)) != LINE_NONE) {
            if (result == LINE_OK)
                dispatch_line(s, line.data, line.len);
            else
                traffic_hear(s->model, s->model->buffers[0],
                             &(struct heard){.kind = LINE_ERROR,
                                             .text = "the server sent a line that is not IRC",
                                             .time_ms = now_ms});
        }
    }
}

void session_step(struct session *s, int64_t now_ms)
{
    s->now_ms = now_ms;
    if (s->phase == PHASE_OFFLINE)
        return;
    outgoing_step(s);
    targets_step(s);
    backlog_step(s);
    typing_step(s);
    marker_step(s);
    rejoin_step(s);
    search_step(s);
    bool dead = now_ms - s->heard_ms >= SESSION_DEAD_MS;
    if (dead && s->close_reason.len == 0)
        str_addf(&s->close_reason, "no answer for %d s", SESSION_DEAD_MS / 1000);
}

int64_t session_deadline_ms(const struct session *s)
{
    if (s->phase == PHASE_OFFLINE)
        return INT64_MAX;
    int64_t next_ms = s->heard_ms + SESSION_DEAD_MS;
    int64_t others_ms[] = {outgoing_deadline_ms(s), targets_deadline_ms(s), backlog_deadline_ms(s),
                           typing_deadline_ms(s),   marker_deadline_ms(s),  rejoin_deadline_ms(s),
                           search_deadline_ms(s)};
    for (size_t i = 0; i < sizeof(others_ms) / sizeof(others_ms[0]); i++)
        next_ms = others_ms[i] < next_ms ? others_ms[i] : next_ms;
    return next_ms;
}

struct str *session_output(struct session *s)
{
    return &s->output;
}

const char *session_close_reason(const struct session *s)
{
    return s->close_reason.len > 0 ? s->close_reason.data : NULL;
}

bool session_is_online(const struct session *s)
{
    return s->phase == PHASE_ONLINE;
}

bool session_is_catching_up(const struct session *s)
{
    for (size_t i = 0; i < s->n_fetches; i++)
        if (!s->fetches[i].waits || s->fetches[i].join_line != 0)
            return true; /* a gap with lines behind it */
    return s->targets.asked;
}

size_t session_undelivered(const struct session *s)
{
    return s->n_undelivered;
}

bool session_is_settled(const struct session *s)
{
    return awaiting_empty(&s->awaiting) && s->model->intents.len == 0;
}

bool session_is_quiet(const struct session *s)
{
    return session_is_online(s) && session_is_settled(s) && !s->probe.waits &&
           !session_is_catching_up(s);
}
