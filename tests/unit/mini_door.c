#include "tests/unit/mini_door.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"

enum { CLASS_OF_GROUP = 2 };

struct mini {
    struct gate *gate;
    uint64_t session;
};

int mini_records;
int mini_formatted;

static void mini_write(struct mini *mini, const char *text)
{
    gate_write(mini->gate, mini->session, text, strlen(text));
}

static void mini_step(struct mini *mini, enum command_type type, const char *text)
{
    struct command command = {
        .type = type,
        .session = mini->session,
        .text = text,
        .target = "#room",
        .user = "user",
    };
    gate_step(mini->gate, &command);
}

static void *mini_open(void *ctx, struct gate *gate, uint64_t session, const struct origin *origin)
{
    (void)ctx;
    (void)origin;
    struct mini *mini = xcalloc(1, sizeof *mini);
    mini->gate = gate;
    mini->session = session;
    mini_records++;
    return mini;
}

static void mini_close(void *record)
{
    mini_records--;
    free(record);
}

static void mini_flood(struct mini *mini, size_t len)
{
    char *bytes = xmalloc(len);
    memset(bytes, '#', len);
    gate_write(mini->gate, mini->session, bytes, len);
    free(bytes);
}

static enum door_result mini_line(void *record, enum linebuf_result how, char *line, size_t len)
{
    struct mini *mini = record;
    bool in_flight = hub_in_flight(gate_hub(mini->gate), mini->session) > 0;
    if (how == LINE_TOO_LONG) {
        mini_write(mini, "too long\n");
        return DOOR_DONE;
    }
    char first = line[0];
    line[0] = '@'; /* a door may change what it is given, even when it gives it back */
    if (in_flight && strchr("=?!", first))
        return DOOR_WAIT;
    if (first == '=') {
        mini_step(mini, COMMAND_NAME, line + 1);
        mini_step(mini, COMMAND_ENTER, "name");
    } else if (first == '?') {
        line[len] = '\n';
        gate_write(mini->gate, mini->session, line + 1, len);
        line[len] = '\0';
    } else if (first == '*') {
        mini_flood(mini, strtoul(line + 1, NULL, 10));
    } else if (first == '&') {
        gate_group(mini->gate, mini->session, (unsigned)strtoul(line + 1, NULL, 10));
    } else if (first == '!') {
        mini_step(mini, COMMAND_LEAVE, line + 1);
        mini_write(mini, "still here\n"); /* the record outlives its session's end */
    } else if (len > 0) {
        line[0] = first;
        mini_step(mini, COMMAND_SPEAK, line);
    }
    return DOOR_DONE;
}

static void mini_note(void *record, const struct note *note, const struct event *event)
{
    (void)event;
    if (note->type == NOTE_REFUSED)
        mini_write(record, "refused\n");
}

static unsigned mini_class(void *record, const struct event *event)
{
    (void)event;
    return ((struct mini *)record)->session % 2;
}

static unsigned mini_group_class(void *ctx, unsigned group, const struct event *event)
{
    (void)ctx;
    (void)event;
    return CLASS_OF_GROUP + group;
}

static void mini_format(void *ctx, unsigned class, const struct event *event, struct str *out)
{
    (void)ctx;
    mini_formatted++;
    if (event->type == EVENT_SPEECH && class >= CLASS_OF_GROUP)
        str_addf(out, "%s>%u %s\n", event->who.nick, class - CLASS_OF_GROUP, event->text);
    else if (event->type == EVENT_SPEECH)
        str_addf(out, "%s: %s\n", event->who.nick, event->text);
    else if (event->type == EVENT_QUIT)
        str_addf(out, "-%s %s\n", event->who.nick, event->text);
    else if (event->type == EVENT_JOIN && class == 0)
        str_addf(out, "+%s\n", event->who.nick);
}

static void mini_tick(void *record, int64_t now_ms)
{
    if (now_ms == 1666)
        mini_step(record, COMMAND_LEAVE, "tired");
}

static void mini_farewell(void *record, const char *reason)
{
    mini_write(record, "bye ");
    mini_write(record, reason);
    mini_write(record, "\n");
}

const struct door_ops mini_ops = {
    .name = "mini",
    .max_line_bytes = MINI_LINE_BYTES,
    .open = mini_open,
    .close = mini_close,
    .line = mini_line,
    .note = mini_note,
    .class = mini_class,
    .group_class = mini_group_class,
    .format = mini_format,
    .tick = mini_tick,
    .farewell = mini_farewell,
};
