#include "server/door/plain/form.h"

#include <string.h>
#include <time.h>

#include "server/door/plain/typed.h"

enum {
    TIME_BYTES = 64,
};

static void add(struct str *out, const char *text)
{
    plain_shown(out, text, strlen(text));
}

/* The moment as it is on the wall. */
static struct tm on_wall(const struct plain_form *form, int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000 + form->ahead_s(time_ms));
    struct tm parts;
    gmtime_r(&seconds, &parts);
    return parts;
}

static void add_time(const struct plain_form *form, const struct event *event, struct str *out)
{
    struct tm wall = on_wall(form, event->time_ms);
    str_addf(out, "[%02d:%02d] ", wall.tm_hour, wall.tm_min);
}

static void add_earlier_time(const struct plain_form *form, const struct event *event,
                             int64_t now_ms, struct str *out)
{
    struct tm wall = on_wall(form, event->time_ms), today = on_wall(form, now_ms);
    str_adds(out, "earlier [");
    if (wall.tm_yday != today.tm_yday || wall.tm_year != today.tm_year)
        str_addf(out, "%d-%02d-%02d ", wall.tm_year + 1900, wall.tm_mon + 1, wall.tm_mday);
    str_addf(out, "%02d:%02d] ", wall.tm_hour, wall.tm_min);
}

/* The room that an event of everybody's room needs not name. */
static bool is_lobby(const struct plain_form *form, const char *room)
{
    const char *lobby = hub_limits(form->hub)->lobby;
    return lobby && strcmp(lobby, room) == 0;
}

static void add_room(const struct plain_form *form, const char *room, struct str *out)
{
    if (!is_lobby(form, room))
        str_addf(out, " %s", room);
}

/* Whoever leaves the server leaves all rooms, of which the lobby is the one to tell. */
static const char *presence_room(const struct plain_form *form, const struct event *event)
{
    const char *lobby = hub_limits(form->hub)->lobby;
    return event->type == EVENT_QUIT && lobby ? lobby : event->target;
}

/* How many are in the room, now that the event has happened. */
static void add_count(const struct plain_form *form, const struct event *event, const char *name,
                      struct str *out)
{
    const struct room *room = hub_find_room(form->hub, name);
    size_t count = room ? room->seated_count : 0;
    /* A departure comes out of one room's log after the other, and is told with the first. */
    for (size_t i = 0; room && event->type == EVENT_QUIT && i < room->seated_count; i++)
        count -= session_id(room->seats[i]->session) == event->session;
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
static void add_speaker(const struct plain_form *form, const struct event *event, const char *to,
                        struct str *out)
{
    bool private = event->target[0] != '#';
    if (!private && !is_lobby(form, event->target))
        str_addf(out, "%s ", event->target);
    str_adds(out, event->speech == SPEECH_ACTION ? "* " : "");
    add(out, event->who.nick);
    if (private)
        str_addf(out, " (to %s)", to);
    if (event->speech == SPEECH_NOTICE)
        str_adds(out, " (notice)");
    str_adds(out, event->speech == SPEECH_ACTION ? " " : ": ");
}

/* What is between programs has no words for people. */
static bool is_for_people(const struct event *event)
{
    return event->text != NULL && (event->speech == SPEECH_TEXT || event->speech == SPEECH_ACTION ||
                                   event->speech == SPEECH_NOTICE);
}

/* A text of several lines is told in as many, each with all that stands in front, so that none of
 * them can pass for another's. */
static void add_lines(const struct plain_form *form, const struct event *event, const char *to,
                      const struct str *time, struct str *out)
{
    const char *text = event->text;
    for (const char *end; text; text = *end ? end + 1 : NULL) {
        end = text + strcspn(text, "\n");
        str_add(out, time->data, time->len);
        add_speaker(form, event, to, out);
        plain_shown(out, text, (size_t)(end - text));
        str_adds(out, "\r\n");
    }
}

void plain_format_speech(const struct plain_form *form, const struct event *event, const char *to,
                         struct str *out)
{
    if (!is_for_people(event))
        return;
    struct str time;
    str_init(&time, TIME_BYTES);
    add_time(form, event, &time);
    add_lines(form, event, to, &time, out);
    str_release(&time);
}

void plain_format_earlier(const struct plain_form *form, const struct event *event, const char *to,
                          int64_t now_ms, struct str *out)
{
    if (event->type != EVENT_SPEECH || event->redacted || !is_for_people(event))
        return;
    struct str time;
    str_init(&time, TIME_BYTES);
    add_earlier_time(form, event, now_ms, &time);
    add_lines(form, event, to, &time, out);
    str_release(&time);
}

static void format_presence(const struct plain_form *form, const struct event *event,
                            const char *verb, struct str *out)
{
    const char *room = presence_room(form, event);
    str_addf(out, "%s %s", event->who.nick, verb);
    add_room(form, room, out);
    if (event->type != EVENT_JOIN)
        add_reason(event, out);
    add_count(form, event, room, out);
    str_adds(out, "\r\n");
}

static void format_topic(const struct plain_form *form, const struct event *event, const char *who,
                         struct str *out)
{
    bool cleared = !event->text || *event->text == '\0';
    str_addf(out, "%s %s the topic", who, cleared ? "cleared" : "set");
    if (!is_lobby(form, event->target))
        str_addf(out, " of %s", event->target);
    str_adds(out, cleared ? "" : ": ");
    add(out, cleared ? "" : event->text);
    str_adds(out, "\r\n");
}

static void format_kick(const struct plain_form *form, const struct event *event, const char *whom,
                        struct str *out)
{
    str_addf(out, "%s sent %s out of %s", event->who.nick, whom, event->target);
    add_reason(event, out);
    add_count(form, event, event->target, out);
    str_adds(out, "\r\n");
}

/* Of how a room is run people hear who did what; the server itself has no name. */
static void format_mode(const struct event *event, struct str *out)
{
    str_addf(out, "%s changed %s: ", event->who.nick ? event->who.nick : "The server",
             event->target);
    add(out, event->text);
    str_adds(out, "\r\n");
}

static void format_others(const struct plain_form *form, const struct event *event, struct str *out)
{
    switch (event->type) {
    case EVENT_SPEECH:
        plain_format_speech(form, event, "you", out);
        break;
    case EVENT_JOIN:
        format_presence(form, event, "joined", out);
        break;
    case EVENT_PART:
    case EVENT_QUIT:
        format_presence(form, event, "left", out);
        break;
    case EVENT_NICK:
        str_addf(out, "%s is %s now.\r\n", event->who.nick, event->text);
        break;
    case EVENT_TOPIC:
        format_topic(form, event, event->who.nick, out);
        break;
    case EVENT_KICK:
        format_kick(form, event, event->object, out);
        break;
    case EVENT_MODE:
        format_mode(event, out);
        break;
    case EVENT_RENAME:
        str_addf(out, "%s is called %s now.\r\n", event->target, event->object);
        break;
    case EVENT_INVITE:
        str_addf(out, "%s invites %s to %s.\r\n", event->who.nick, event->object, event->target);
        break;
    case EVENT_WALLOPS:
        str_addf(out, "%s to all: ", event->who.nick);
        add(out, event->text);
        str_adds(out, "\r\n");
        break;
    default: /* programs among themselves, or of no use to somebody who reads a plain page */
        break;
    }
}

/* What one did oneself; arriving and speaking have words of their own. */
static void format_own(const struct plain_form *form, const struct event *event, struct str *out)
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
        format_topic(form, event, "You", out);
        break;
    default:
        format_others(form, event, out);
        break;
    }
}

void plain_format(const struct plain_form *form, enum plain_class class, const struct event *event,
                  struct str *out)
{
    if (class == PLAIN_OWN)
        format_own(form, event, out);
    else if (class == PLAIN_SENT_OUT)
        format_kick(form, event, "you", out);
    else
        format_others(form, event, out);
    if (class == PLAIN_FOLLOWED)
        str_addf(out, "Your lines go to %s. `to:` goes back to the room.\r\n", event->who.nick);
}
