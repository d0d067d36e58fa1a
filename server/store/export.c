#include "server/store/export.h"

#include <string.h>
#include <time.h>

#include "common/json.h"
#include "common/text.h"

enum { TIME_BYTES = 32 };

static void format_time(int64_t time_ms, char between, char text[TIME_BYTES])
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm utc;
    text[0] = '\0';
    if (gmtime_r(&seconds, &utc))
        strftime(text, TIME_BYTES, "%Y-%m-%dT%H:%M:%S", &utc);
    char *gap = strchr(text, 'T');
    if (gap)
        *gap = between;
}

static const char *speech_name(enum speech speech)
{
    static const char *const names[] = {
        [SPEECH_TEXT] = "text",   [SPEECH_NOTICE] = "notice", [SPEECH_ACTION] = "action",
        [SPEECH_QUERY] = "query", [SPEECH_ANSWER] = "answer", [SPEECH_TAGS] = "tags",
    };
    return names[speech];
}

static const char *type_name(const struct event *event)
{
    static const char *const names[] = {
        [EVENT_JOIN] = "join", [EVENT_PART] = "part",     [EVENT_QUIT] = "quit",
        [EVENT_NICK] = "nick", [EVENT_TOPIC] = "topic",   [EVENT_KICK] = "kick",
        [EVENT_MODE] = "mode", [EVENT_RENAME] = "rename", [EVENT_REDACT] = "redact",
    };
    return event->type == EVENT_SPEECH ? speech_name(event->speech) : names[event->type];
}

static void add_shown(struct str *out, const char *text)
{
    if (text)
        text_harmless(out, text, strlen(text));
}

static void add_reason(struct str *out, const char *reason)
{
    if (!reason || !*reason)
        return;
    str_adds(out, " (");
    add_shown(out, reason);
    str_addc(out, ')');
}

static void add_speech(struct str *out, const struct event *event)
{
    static const char *const before[] = {
        [SPEECH_TEXT] = "<",  [SPEECH_NOTICE] = "-", [SPEECH_ACTION] = "* ",
        [SPEECH_QUERY] = "<", [SPEECH_ANSWER] = "-", [SPEECH_TAGS] = "<",
    };
    static const char *const behind[] = {
        [SPEECH_TEXT] = "> ",  [SPEECH_NOTICE] = "- ", [SPEECH_ACTION] = " ",
        [SPEECH_QUERY] = "> ", [SPEECH_ANSWER] = "- ", [SPEECH_TAGS] = "> ",
    };
    str_adds(out, before[event->speech]);
    add_shown(out, event->who.nick);
    str_adds(out, behind[event->speech]);
    add_shown(out, event->redacted ? "[redacted]" : event->text);
}

static void add_happening(struct str *out, const struct event *event)
{
    static const char *const verbs[] = {
        [EVENT_JOIN] = " joined",
        [EVENT_PART] = " left",
        [EVENT_QUIT] = " quit",
        [EVENT_NICK] = " is now ",
        [EVENT_TOPIC] = " set the topic: ",
        [EVENT_KICK] = " kicked ",
        [EVENT_MODE] = " set mode ",
        [EVENT_RENAME] = " renamed the room to ",
        [EVENT_REDACT] = " redacted ",
    };
    str_adds(out, "* ");
    add_shown(out, event->who.nick ? event->who.nick : "the server");
    str_adds(out, verbs[event->type]);
    add_shown(out, event->object);
    bool has_reason = event->object || event->type == EVENT_PART || event->type == EVENT_QUIT;
    if (has_reason)
        add_reason(out, event->text);
    else if (event->type != EVENT_JOIN)
        add_shown(out, event->text);
}

void export_text(struct str *out, const struct event *event)
{
    char time[TIME_BYTES];
    format_time(event->time_ms, ' ', time);
    str_addf(out, "%s ", time);
    if (event->type == EVENT_SPEECH)
        add_speech(out, event);
    else
        add_happening(out, event);
    str_addc(out, '\n');
}

static void add_field(struct str *out, const char *name, const char *value)
{
    if (!value)
        return;
    str_addf(out, ",\"%s\":", name);
    json_string(out, value);
}

void export_json(struct str *out, const struct event *event)
{
    char time[TIME_BYTES];
    format_time(event->time_ms, 'T', time);
    str_addf(out, "{\"position\":%llu,\"time\":\"%s.%03dZ\",\"type\":\"%s\"",
             (unsigned long long)event->position, time, (int)(event->time_ms % 1000),
             type_name(event));
    add_field(out, "id", event->id);
    add_field(out, "nick", event->who.nick);
    add_field(out, "user", event->who.user);
    add_field(out, "host", event->who.host);
    add_field(out, "account", event->who.account);
    add_field(out, "realname", event->realname);
    add_field(out, "target", event->target);
    add_field(out, "object", event->object);
    add_field(out, "text", event->text);
    add_field(out, "tags", event->tags);
    if (event->rank > 0)
        str_addf(out, ",\"rank\":%u", event->rank);
    str_adds(out, event->redacted ? ",\"redacted\":true}\n" : "}\n");
}
