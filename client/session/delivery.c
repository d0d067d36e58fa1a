/*
 * What becomes of what was sent.
 *
 * Speech is acknowledged by its echo, or, where the server gives none, by the answer to a PING that was
 * sent behind it.
 */
#include "client/session/delivery.h"

#include <string.h>

#include "client/model/format.h"
#include "client/model/traffic.h"
#include "client/session/awaiting.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"

/* An echo that a PING overtook has so long to come: a bouncer answers PINGs by itself. */
#define LATE_ECHO_MS 10000

void delivery_settle(struct session *s, struct awaited *entry, enum line_state state,
                     int64_t time_ms)
{
    entry->done = true;
    if (!entry->line)
        return;
    s->n_undelivered += state != LINE_SETTLED;
    traffic_settle(s->model, entry->line, state, time_ms);
}

void delivery_step(struct session *s)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->answered_ms && s->now_ms - entry->answered_ms >= LATE_ECHO_MS)
            delivery_settle(s, entry, LINE_UNSURE, 0);
}

int64_t delivery_deadline_ms(const struct session *s)
{
    const struct awaited *first = awaiting_at(&s->awaiting, 0);
    return first && first->answered_ms ? first->answered_ms + LATE_ECHO_MS : INT64_MAX;
}

/* The server has acted on all of the entry: said what there is to say against it, or nothing. */
static void answered(struct session *s, struct awaited *entry)
{
    if (entry->line && (s->caps & CAP_ECHO_MESSAGE))
        entry->answered_ms = entry->answered_ms ? entry->answered_ms : s->now_ms;
    else
        delivery_settle(s, entry, LINE_SETTLED, 0);
}

void delivery_answered(struct session *s, uint64_t number)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->n_sent == entry->n_texts &&
            entry->first_number + entry->n_sent - 1 <= number)
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

bool delivery_echo(struct session *s, const struct incoming *in, const char *command,
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

void delivery_found(struct session *s, uint64_t line)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (entry->line == line)
            entry->done = true;
}

void delivery_refused(struct session *s, struct awaited *entry)
{
    delivery_settle(s, entry, LINE_FAILED, 0);
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
    delivery_settle(s, entry, LINE_UNSURE, 0);
}

void delivery_lost(struct session *s)
{
    struct awaited *entry;
    for (size_t i = 0; (entry = awaiting_at(&s->awaiting, i)); i++)
        if (!entry->done && entry->n_sent > 0)
            lose(s, entry);
    awaiting_drop_done(&s->awaiting);
}
