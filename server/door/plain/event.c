#include "server/door/plain/event.h"

#include <string.h>
#include <time.h>

#include "server/door/plain/target.h"
#include "server/door/plain/typed.h"

/* The forms of an event. */
enum {
    CLASS_OTHERS,
    CLASS_OWN,      /* the doer's */
    CLASS_FOLLOWED, /* from now on the lines of the one spoken to go to the speaker */
};

unsigned plain_event_class(struct plain_client *client, const struct event *event)
{
    if (event->type == EVENT_SPEECH)
        return plain_target_follow(client, event) ? CLASS_FOLLOWED : CLASS_OTHERS;
    return event->session == client->session ? CLASS_OWN : CLASS_OTHERS;
}

static void add(struct str *out, const char *text)
{
    plain_shown(out, text, strlen(text));
}

static void add_time(const struct plain_door *door, const struct event *event, struct str *out)
{
    time_t seconds = (time_t)(event->time_ms / 1000 + door->config.ahead_s(event->time_ms));
    struct tm parts;
    gmtime_r(&seconds, &parts);
    str_addf(out, "[%02d:%02d] ", parts.tm_hour, parts.tm_min);
}

/* The room that an event of everybody's room needs not name. */
static bool is_lobby(const struct plain_door *door, const char *room)
{
    const char *lobby = hub_limits(gate_hub(door->gate))->lobby;
    return lobby && strcmp(lobby, room) == 0;
}

static void add_room(const struct plain_door *door, const char *room, struct str *out)
{
    if (!is_lobby(door, room))
        str_addf(out, " %s", room);
}

/* Whoever leaves the server leaves all rooms, of which the lobby is the one to tell. */
static const char *presence_room(const struct plain_door *door, const struct event *event)
{
    const char *lobby = hub_limits(gate_hub(door->gate))->lobby;
    return event->type == EVENT_QUIT && lobby ? lobby : event->target;
}

/* How many are in the room, now that the event has happened. */
static void add_count(const struct plain_door *door, const struct event *event, const char *name,
                      struct str *out)
{
    const struct room *room = hub_find_room(gate_hub(door->gate), name);
    size_t count = room ? room->roster_count : 0;
    /* A departure comes out of one room's log after the other, and is told with the first. */
    for (size_t i = 0; room && event->type == EVENT_QUIT && i < room->roster_count; i++)
        count -= room->roster[i] == event->session;
    str_addf(out, " (%zu here)", count);
}

/* ": connection reset", in the middle of a sentence. */
static void add_reason(const struct event *event, struct str *out)
{
    const char *reason = event->text;
    if (!reason || *reason == '\0')
        return;
    str_adds(out, ": ");
    size_t start = out->len;
    add(out, reason);
    bool word = out->len > start + 1 && out->data[start] >= 'A' && out->data[start] <= 'Z' &&
                ((out->data[start + 1] >= 'a' && out->data[start + 1] <= 'z') ||
                 out->data[start + 1] == ' ');
    if (word)
        out->data[start] = (char)(out->data[start] - 'A' + 'a');
}

/* Who says it to whom: "ada", "ada (to you)", "* ada", "#ops ada". */
static void add_speaker(const struct plain_door *door, const struct event *event, const char *to,
                        struct str *out)
{
    bool private = event->target[0] != '#';
    if (!private && !is_lobby(door, event->target))
        str_addf(out, "%s ", event->target);
    str_adds(out, event->speech == SPEECH_ACTION ? "* " : "");
    add(out, event->who.nick);
    if (private)
        str_addf(out, " (to %s)", to);
    if (event->speech == SPEECH_NOTICE)
        str_adds(out, " (notice)");
    str_adds(out, event->speech == SPEECH_ACTION ? " " : ": ");
}

/* A text of several lines is told in as many, so that none of them can pass for another's. */
static void format_speech(const struct plain_door *door, const struct event *event, const char *to,
                          struct str *out)
{
    if (event->speech == SPEECH_QUERY || event->speech == SPEECH_ANSWER || !event->text)
        return; /* programs among themselves */
    const char *text = event->text;
    for (const char *end; text; text = *end ? end + 1 : NULL) {
        end = text + strcspn(text, "\n");
        add_time(door, event, out);
        add_speaker(door, event, to, out);
        plain_shown(out, text, (size_t)(end - text));
        str_adds(out, "\r\n");
    }
}

static void format_presence(const struct plain_door *door, const struct event *event,
                            const char *verb, struct str *out)
{
    const char *room = presence_room(door, event);
    str_addf(out, "%s %s", event->who.nick, verb);
    add_room(door, room, out);
    if (event->type != EVENT_JOIN)
        add_reason(event, out);
    add_count(door, event, room, out);
    str_adds(out, "\r\n");
}

static void format_topic(const struct plain_door *door, const struct event *event, const char *who,
                         struct str *out)
{
    bool cleared = !event->text || *event->text == '\0';
    str_addf(out, "%s %s the topic", who, cleared ? "cleared" : "set");
    if (!is_lobby(door, event->target))
        str_addf(out, " of %s", event->target);
    str_adds(out, cleared ? "" : ": ");
    add(out, cleared ? "" : event->text);
    str_adds(out, "\r\n");
}

/* What one did oneself; arriving and speaking have words of their own. */
static void format_own(const struct plain_door *door, const struct event *event, struct str *out)
{
    switch (event->type) {
    case EVENT_SPEECH:
    case EVENT_JOIN:
    case EVENT_QUIT:
        break;
    case EVENT_PART:
        str_addf(out, "You left %s.\r\n", event->target);
        break;
    case EVENT_NICK:
        str_addf(out, "You are %s now.\r\n", event->text);
        break;
    case EVENT_TOPIC:
        format_topic(door, event, "You", out);
        break;
    }
}

static void format_others(const struct plain_door *door, const struct event *event,
                          struct str *out)
{
    switch (event->type) {
    case EVENT_SPEECH:
        format_speech(door, event, "you", out);
        break;
    case EVENT_JOIN:
        format_presence(door, event, "joined", out);
        break;
    case EVENT_PART:
    case EVENT_QUIT:
        format_presence(door, event, "left", out);
        break;
    case EVENT_NICK:
        str_addf(out, "%s is %s now.\r\n", event->who.nick, event->text);
        break;
    case EVENT_TOPIC:
        format_topic(door, event, event->who.nick, out);
        break;
    }
}

void plain_event_format(const struct plain_door *door, unsigned class, const struct event *event,
                        struct str *out)
{
    if (class == CLASS_OWN)
        format_own(door, event, out);
    else
        format_others(door, event, out);
    if (class == CLASS_FOLLOWED)
        str_addf(out, "Your lines go to %s. `to:` goes back to the room.\r\n", event->who.nick);
}

void plain_event_echo(struct plain_client *client, const struct event *event)
{
    struct str *out = &client->door->out;
    str_reset(out);
    if (client->echo)
        format_speech(client->door, event, event->target, out);
    if (event->peer == client->session)
        format_speech(client->door, event, "you", out);
    gate_write(client->gate, client->session, out->data, out->len);
}

static void add_names(const struct room *room, struct str *out)
{
    for (size_t i = 0; i < room->roster_count && i < PLAIN_NAMES_SHOWN; i++)
        str_addf(out, "%s %s", i > 0 ? "," : ":", room->seats[i]->session->nick);
    if (room->roster_count > PLAIN_NAMES_SHOWN)
        str_adds(out, ", and others");
}

void plain_event_arrived(struct plain_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    if (!room)
        return;
    struct str *out = &client->door->out;
    str_reset(out);
    str_addf(out, "You are in %s (%zu here)", room->name, room->roster_count);
    add_names(room, out);
    str_adds(out, "\r\n");
    if (room->topic) {
        str_adds(out, "Topic: ");
        add(out, room->topic);
        str_adds(out, "\r\n");
    }
    gate_write(client->gate, client->session, out->data, out->len);
}
