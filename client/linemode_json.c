#include "client/linemode_json.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "common/text.h"

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

/* Beyond the basic plane JSON has surrogate pairs (RFC 8259, 7). */
static void add_escaped(struct str *out, uint32_t code)
{
    if (code > 0xffff) {
        code -= 0x10000;
        str_addf(out, "\\u%04" PRIx32, 0xd800 + (code >> 10));
        code = 0xdc00 + (code & 0x3ff);
    }
    str_addf(out, "\\u%04" PRIx32, code);
}

static void add_string(struct str *out, const char *text)
{
    str_addc(out, '"');
    size_t left = strlen(text);
    while (left > 0) {
        int32_t code;
        size_t len = text_decode(text, left, &code);
        if (code == '"' || code == '\\')
            str_addf(out, "\\%c", (char)code);
        else if (code < 0)
            add_escaped(out, 0xfffd);
        else if (text_is_harmless(text, len))
            str_add(out, text, len);
        else
            add_escaped(out, (uint32_t)code);
        text += len;
        left -= len;
    }
    str_addc(out, '"');
}

static void add_member(struct str *out, const char *name, const char *value)
{
    str_addf(out, ", \"%s\": ", name);
    add_string(out, value);
}

void linemode_json(const struct buffer *buffer, const struct buffer_line *line, struct str *out)
{
    str_adds(out, "{\"time\": \"");
    linemode_time(line->time_ms, out);
    str_addc(out, '"');
    add_member(out, "type", linemode_type(line->kind));
    if (buffer->kind == BUFFER_ROOM)
        add_member(out, "room", buffer->name);
    str_addf(out, ", \"private\": %s", buffer->kind == BUFFER_PERSON ? "true" : "false");
    add_member(out, "nick", line->nick);
    add_member(out, "text", line->text);
    str_addc(out, '}');
}
