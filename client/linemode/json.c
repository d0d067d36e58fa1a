#include "client/linemode/json.h"

#include <time.h>

#include "common/json.h"

const char *linemode_type(enum line_kind kind)
{
    static const char *const types[] = {
        [LINE_TALK] = "message", [LINE_ACTION] = "action", [LINE_NOTICE] = "notice",
        [LINE_JOIN] = "join",    [LINE_PART] = "part",     [LINE_QUIT] = "quit",
        [LINE_KICK] = "kick",    [LINE_RENAME] = "nick",   [LINE_TOPIC] = "topic",
        [LINE_MODE] = "mode",    [LINE_SERVER] = "server", [LINE_NOTE] = "note",
        [LINE_ERROR] = "error",
    };
    return (size_t)kind < sizeof(types) / sizeof(*types) ? types[kind] : "other";
}

void linemode_time(int64_t time_ms, struct str *out)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm tm;
    char date[sizeof("2026-11-20T09:41:00")];
    if (gmtime_r(&seconds, &tm) && strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm) > 0)
        str_addf(out, "%s.%03dZ", date, (int)(time_ms % 1000));
}

static void add_member(struct str *out, const char *name, const char *value)
{
    str_addf(out, ", \"%s\": ", name);
    json_string(out, value);
}

static void begin(const struct buffer *buffer, int64_t time_ms, const char *type, struct str *out)
{
    str_adds(out, "{\"time\": \"");
    linemode_time(time_ms, out);
    str_addc(out, '"');
    add_member(out, "type", type);
    if (buffer->kind == BUFFER_ROOM)
        add_member(out, "room", buffer->name);
    str_addf(out, ", \"private\": %s", buffer->kind == BUFFER_PERSON ? "true" : "false");
}

void linemode_json(const struct buffer *buffer, const struct buffer_line *line, struct str *out)
{
    begin(buffer, line->time_ms, linemode_type(line->kind), out);
    add_member(out, "nick", line->nick);
    add_member(out, "text", line->text);
    if (line->msgid)
        add_member(out, "id", line->msgid);
    if (line->more->reply_to)
        add_member(out, "reply_to", line->more->reply_to);
    str_addc(out, '}');
}

void linemode_json_event(const struct buffer *buffer, const struct line_event *event,
                         struct str *out)
{
    static const char *const types[] = {[LINE_EVENT_REACT] = "react",
                                        [LINE_EVENT_UNREACT] = "unreact",
                                        [LINE_EVENT_REMOVE] = "remove"};
    begin(buffer, event->time_ms, types[event->kind], out);
    add_member(out, "nick", event->nick);
    add_member(out, "text", event->text);
    add_member(out, "about", event->msgid);
    str_addc(out, '}');
}
