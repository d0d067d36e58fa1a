/* Levelled lines, one event each. See log.h. */
#include "common/log.h"

#include <inttypes.h>
#include <poll.h>
#include <stdarg.h>
#include <time.h>

#include "common/text.h"

enum {
    MAX_EVENT_BYTES = 1024,
    MAX_LINE_BYTES = 8192,
    WAIT_MS = 100, /* for a reader, until he has missed the first line */
};

const char *const log_level_names[] = {"error", "warn", "info", "debug", NULL};
const char *const log_format_names[] = {"text", "json", NULL};

void log_init(struct log *log, FILE *out, const char *program, enum log_level level,
              enum log_format format)
{
    *log = (struct log){.out = out, .program = program, .level = level, .format = format};
    str_init(&log->line, MAX_LINE_BYTES);
}

void log_release(struct log *log)
{
    str_release(&log->line);
}

/* RFC 3339 with milliseconds, in UTC. */
static void add_time(struct str *out, int64_t now_ms)
{
    int64_t ms = now_ms % 1000 + (now_ms % 1000 < 0 ? 1000 : 0);
    time_t seconds = (time_t)((now_ms - ms) / 1000);
    struct tm utc;
    char text[32] = "";
    if (gmtime_r(&seconds, &utc))
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
    str_addf(out, "%s.%03" PRId64 "Z", text, ms);
}

/* The text holds no control any more, so only the quote and the backslash are left to escape. */
static void add_json_string(struct str *out, const char *text)
{
    str_addc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_addc(out, '\\');
        str_addc(out, *text);
    }
    str_addc(out, '"');
}

static void add_line(struct log *log, int64_t now_ms, enum log_level level, const char *event)
{
    struct str *line = &log->line;
    bool json = log->format == LOG_FORMAT_JSON;
    str_adds(line, json ? "{\"time\":\"" : "");
    add_time(line, now_ms);
    if (!json) {
        str_addf(line, " %s: %s: %s\n", log->program, log_level_names[level], event);
        return;
    }
    str_addf(line, "\",\"program\":\"%s\",\"level\":\"%s\",\"event\":", log->program,
             log_level_names[level]);
    add_json_string(line, event);
    str_adds(line, "}\n");
}

static void add_lost(struct log *log, int64_t now_ms)
{
    char event[80];
    snprintf(event, sizeof event, "(%" PRIu64 " lines of the log were lost)", log->lost);
    if (log->torn)
        str_addc(&log->line, '\n');
    add_line(log, now_ms, LOG_LEVEL_WARN, event);
}

/* Where there is room at all, there is room for one event (pipe(7): PIPE_BUF), so that even what waits for
 * its reader does not wait. */
static bool has_room(const struct log *log)
{
    struct pollfd out = {.fd = fileno(log->out), .events = POLLOUT};
    return out.fd < 0 || poll(&out, 1, log->lost > 0 ? 0 : WAIT_MS) > 0;
}

/* Half a line is not gone on with: who knows what others have written there meanwhile. */
static void write_out(struct log *log)
{
    const struct str *line = &log->line;
    size_t written = has_room(log) ? fwrite(line->data, 1, line->len, log->out) : 0;
    if (fflush(log->out) == 0 && written == line->len) {
        log->lost = 0;
        log->torn = false;
        return;
    }
    log->lost++;
    log->torn = log->torn || written > 0;
    clearerr(log->out);
}

void log_event(struct log *log, int64_t now_ms, enum log_level level, const char *format, ...)
{
    if (level > log->level)
        return;
    struct str raw, event;
    str_init(&raw, 1 << 20);
    str_init(&event, 3 * MAX_EVENT_BYTES); /* a bad byte becomes the three of U+FFFD */
    va_list args;
    va_start(args, format);
    str_addv(&raw, format, args);
    va_end(args);
    text_harmless(&event, raw.data, text_cut_bytes(raw.data, raw.len, MAX_EVENT_BYTES));
    str_reset(&log->line);
    if (log->lost > 0)
        add_lost(log, now_ms);
    add_line(log, now_ms, level, event.data);
    write_out(log);
    str_release(&event);
    str_release(&raw);
}
