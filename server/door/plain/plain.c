/* The door's own part: its settings, the records of its connections, the calls of the pump. */
#include "server/door/plain/plain.h"

#include <stdarg.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "server/door/plain/client.h"
#include "server/door/plain/commands.h"
#include "server/door/plain/earlier.h"
#include "server/door/plain/event.h"
#include "server/door/plain/naming.h"
#include "server/door/plain/refusal.h"
#include "server/door/plain/target.h"
#include "server/door/plain/typed.h"

struct plain_door *plain_door_new(const struct plain_config *config)
{
    struct plain_door *door = xcalloc(1, sizeof *door);
    door->config = *config;
    door->form.ahead_s = config->ahead_s;
    str_init(&door->out, PLAIN_OUT_BYTES);
    str_init(&door->typed, PLAIN_TYPED_BYTES);
    str_init(&door->reply, PLAIN_OUT_BYTES);
    return door;
}

void plain_door_free(struct plain_door *door)
{
    if (!door)
        return;
    str_release(&door->out);
    str_release(&door->typed);
    str_release(&door->reply);
    free(door);
}

const struct session *plain_session(const struct plain_client *client)
{
    return hub_session(gate_hub(client->gate), client->session);
}

void plain_say(struct plain_client *client, const char *format, ...)
{
    struct str *out = &client->door->out;
    str_reset(out);
    va_list args;
    va_start(args, format);
    str_addv(out, format, args);
    va_end(args);
    str_adds(out, "\r\n");
    gate_write(client->gate, client->session, out->data, out->len);
}

void plain_leave(struct plain_client *client, const char *reason)
{
    if (client->leaving)
        return;
    client->leaving = true;
    plain_say(client, "Good-bye.");
    const struct command leave = {
        .type = COMMAND_LEAVE,
        .session = client->session,
        .text = reason,
    };
    gate_step(client->gate, &leave);
}

static void *plain_open(void *ctx, struct gate *gate, uint64_t session, const struct origin *origin)
{
    struct plain_client *client = xcalloc(1, sizeof *client);
    client->door = ctx;
    client->door->form.hub = gate_hub(gate);
    client->gate = gate;
    client->session = session;
    client->host = xstrdup(origin->host);
    client->opened_ms = gate_now(gate);
    return client;
}

static void plain_begin(void *record)
{
    plain_naming_begin(record);
}

static size_t plain_filter(void *record, char *bytes, size_t len)
{
    struct plain_client *client = record;
    struct str *reply = &client->door->reply;
    str_reset(reply);
    size_t left = telnet_filter(&client->telnet, bytes, len, reply);
    if (reply->len > 0)
        gate_write(client->gate, client->session, reply->data, reply->len);
    return left;
}

static void plain_close(void *record)
{
    struct plain_client *client = record;
    free(client->host);
    free(client->log);
    free(client->peer_nick);
    free(client);
}

static enum door_result text_line(struct plain_client *client, char *text)
{
    if (client->inside)
        return plain_dispatch(client, text);
    if (plain_is_quit(text))
        plain_leave(client, "Quit");
    else
        plain_naming_line(client, text);
    return DOOR_DONE;
}

static enum door_result plain_line(void *record, enum linebuf_result how, char *line, size_t len)
{
    struct plain_client *client = record;
    if (client->leaving)
        return DOOR_DONE;
    switch (how) {
    case LINE_NONE:
        break;
    case LINE_OK:
    case LINE_HAS_NUL: /* the filter leaves none */
        if (plain_typed(&client->door->typed, line, len))
            return text_line(client, client->door->typed.data);
        plain_say(client, "That line is not UTF-8. Nothing was said.");
        break;
    case LINE_TOO_LONG:
        plain_say(client, "Too long: at most %d bytes a line. Nothing was said.", PLAIN_LINE_BYTES);
        break;
    }
    return DOOR_DONE;
}

static void on_refused(struct plain_client *client, const struct note *note)
{
    bool own_room = note->command == COMMAND_JOIN && note->refusal == REFUSED_ALREADY_IN_ROOM;
    if (note->refusal == REFUSED_NO_MORE_SESSIONS)
        client->leaving = true;
    if (own_room)
        plain_target_set(client, note->target);
    else if (note->command == COMMAND_NAME && !client->inside)
        plain_naming_refused(client, note->refusal);
    else
        plain_refuse(client, note);
}

static void on_joined(struct plain_client *client, const struct event *event)
{
    plain_target_log(client, event->log);
    plain_event_arrived(client, event->target);
    plain_earlier_on_arrival(client, event);
}

static void plain_note(void *record, const struct note *note, const struct event *event)
{
    struct plain_client *client = record;
    switch (note->type) {
    case NOTE_NAMED:
        plain_naming_taken(client);
        break;
    case NOTE_ENTERED:
        plain_say(client, "Welcome, %s. /help says what you can do here, quit leaves.",
                  plain_session(client)->nick);
        break;
    case NOTE_RENAMED:
        plain_say(client, "You are %s now.", event->text);
        break;
    case NOTE_JOINED:
        on_joined(client, event);
        break;
    case NOTE_DONE: /* of commands that this door does not have */
        break;
    case NOTE_SHOWN: /* it was told with the others; what is left is what follows */
        if (event->type == EVENT_PART)
            plain_target_left(client, event->log);
        break;
    case NOTE_SPOKEN:
        plain_event_echo(client, event);
        break;
    case NOTE_REFUSED:
        on_refused(client, note);
        break;
    }
}

static unsigned plain_class(void *record, const struct event *event)
{
    return plain_event_class(record, event);
}

static void plain_format_class(void *ctx, unsigned class, const struct event *event,
                               struct str *out)
{
    plain_format(&((struct plain_door *)ctx)->form, (enum plain_class) class, event, out);
}

static void plain_page(void *record, const struct door_page *page)
{
    plain_earlier_page(record, page);
}

static void plain_tick(void *record, int64_t now_ms)
{
    struct plain_client *client = record;
    if (!client->inside && !client->leaving)
        plain_naming_tick(client, now_ms);
}

static void plain_farewell(void *record, const char *reason)
{
    struct plain_client *client = record;
    if (client->leaving)
        return;
    client->leaving = true;
    plain_say(client, *reason ? "Good-bye: %s." : "Good-bye.%s", reason);
}

static const struct door_ops ops = {
    .name = "plain",
    .max_line_bytes = PLAIN_LINE_BYTES,
    .open = plain_open,
    .begin = plain_begin,
    .filter = plain_filter,
    .close = plain_close,
    .line = plain_line,
    .note = plain_note,
    .class = plain_class,
    .format = plain_format_class,
    .page = plain_page,
    .tick = plain_tick,
    .farewell = plain_farewell,
};

struct door plain_door_handle(struct plain_door *door)
{
    return (struct door){.ops = &ops, .ctx = door};
}
