/* The connection: whether there is one, how it fares, and what can be done on it. */
#include "client/model/traffic.h"

#include "client/model/traffic_inner.h"

#include <string.h>

void traffic_able(struct model *model, unsigned abilities)
{
    model->abilities = abilities;
    changed(model);
}

void traffic_operates(struct model *model, bool operates_server)
{
    model->operates_server = operates_server;
    changed(model);
}

void traffic_own_nick(struct model *model, const char *nick)
{
    replace(&model->nick, nick, LINE_NICK_MAX_BYTES);
    changed(model);
}

void traffic_server_name(struct model *model, const char *name)
{
    replace(&model->server, name, BUFFER_NAME_MAX_BYTES);
    changed(model);
}

void traffic_room_signs(struct model *model, const char *signs)
{
    size_t bytes = strlen(signs) + 1;
    if (bytes <= sizeof(model->room_signs))
        memcpy(model->room_signs, signs, bytes);
    changed(model);
}

void traffic_connecting(struct model *model)
{
    model->connection = CONNECTION_CONNECTING;
    changed(model);
}

/* Says it in every buffer: whoever looks at one sees why it is silent. */
static void say_everywhere(struct model *model, int64_t now_ms, const char *text)
{
    for (size_t i = 0; i < model->buffer_count; i++)
        model_note(model, model->buffers[i], now_ms, "%s", text);
}

void traffic_span(struct str *out, int64_t ms)
{
    int64_t s = ms / 1000;
    if (s < 60)
        str_addf(out, "%d s", (int)s);
    else if (s < 3600)
        str_addf(out, "%d min %d s", (int)(s / 60), (int)(s % 60));
    else
        str_addf(out, "%lld h %d min", (long long)(s / 3600), (int)(s / 60 % 60));
}

void traffic_missed(struct model *model, struct buffer *buffer, int64_t now_ms, int64_t away_ms)
{
    struct str text;
    str_init(&text, HINT_MAX_BYTES);
    str_adds(&text, "missed ");
    traffic_span(&text, away_ms);
    model_note(model, buffer, now_ms, "%s: this server cannot show what was said", text.data);
    str_release(&text);
    changed(model);
}

/* Of the first connection there is nothing to tell but that it was made in the end. */
static void say_connected(struct model *model, int64_t now_ms)
{
    struct str text;
    int64_t away_ms = now_ms - model->offline_since_ms;
    str_init(&text, HINT_MAX_BYTES);
    str_adds(&text, model->was_online ? "connected again" : "connected");
    if (model->was_online && away_ms >= 1000) {
        str_adds(&text, " after ");
        traffic_span(&text, away_ms);
    }
    say_everywhere(model, now_ms, text.data);
    str_release(&text);
}

void traffic_online(struct model *model, int64_t now_ms, bool encrypted)
{
    if (model->offline_why)
        say_connected(model, now_ms);
    model->was_online = true;
    replace(&model->offline_why, NULL, 0);
    model->connection = CONNECTION_ONLINE;
    model->encrypted = encrypted;
    changed(model);
}

void traffic_offline(struct model *model, int64_t now_ms, int64_t retry_at_ms, const char *why)
{
    struct str text;
    str_init(&text, HINT_MAX_BYTES);
    if (model->connection == CONNECTION_ONLINE)
        str_addf(&text, "disconnected: %.370s", why);
    else if (!model->offline_why || strcmp(model->offline_why, why) != 0)
        str_addf(&text, "not connected: %.370s", why);
    if (text.len > 0)
        say_everywhere(model, now_ms, text.data);
    str_release(&text);
    if (!model->offline_why)
        model->offline_since_ms = now_ms;
    replace(&model->offline_why, why, HINT_MAX_BYTES);
    for (size_t i = 0; i < model->buffer_count; i++) {
        members_release(&model->buffers[i]->members);
        if (model->buffers[i]->older == OLDER_ASKED)
            model->buffers[i]->older = OLDER_PERHAPS;
    }
    model->connection = CONNECTION_OFFLINE;
    model->retry_at_ms = retry_at_ms;
    model->lag_ms = -1;
    model->no_answer_since_ms = 0;
    changed(model);
}

void traffic_lag(struct model *model, int64_t lag_ms)
{
    model->lag_ms = lag_ms;
    model->no_answer_since_ms = 0;
    changed(model);
}

void traffic_no_answer(struct model *model, int64_t since_ms)
{
    model->no_answer_since_ms = since_ms;
    changed(model);
}

void traffic_multiline(struct model *model, size_t max_bytes, size_t max_lines)
{
    model->multiline_bytes = max_lines > 0 ? max_bytes : 0;
    model->multiline_lines = max_lines;
}

void traffic_own_away(struct model *model, bool away)
{
    model->away = away;
    changed(model);
}

void traffic_message_bytes(struct model *model, size_t bytes)
{
    model->message_bytes = bytes;
}
