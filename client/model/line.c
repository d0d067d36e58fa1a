#include "client/model/line.h"

#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

char *line_cut(const char *text, size_t max_bytes)
{
    size_t len = text ? strnlen(text, max_bytes + 1) : 0;
    if (len > max_bytes)
        len = text_cut_bytes(text, len, max_bytes);
    return xmemdup0(text ? text : "", len);
}

struct buffer_line *line_new(uint64_t id, int64_t time_ms, enum line_kind kind, const char *nick,
                             const char *text)
{
    struct buffer_line *line = xcalloc(1, sizeof(*line));
    line->id = id;
    line->time_ms = time_ms;
    line->kind = kind;
    line->nick = line_cut(nick, LINE_NICK_MAX_BYTES);
    line->text = line_cut(text, LINE_TEXT_MAX_BYTES);
    return line;
}

void line_set_runs(struct buffer_line *line, const struct line_run *runs, size_t count)
{
    count = count < LINE_RUNS_MAX ? count : LINE_RUNS_MAX;
    free(line->runs);
    line->runs = NULL;
    line->n_runs = count;
    if (count == 0)
        return;
    line->runs = xreallocarray(NULL, count, sizeof(*runs));
    memcpy(line->runs, runs, count * sizeof(*runs));
}

void line_set_reply(struct buffer_line *line, const char *msgid)
{
    free(line->reply_to);
    line->reply_to = msgid && strlen(msgid) <= LINE_MSGID_MAX_BYTES ? xstrdup(msgid) : NULL;
}

void line_free(struct buffer_line *line)
{
    free(line->nick);
    free(line->text);
    free(line->typed);
    free(line->runs);
    free(line->msgid);
    free(line->reply_to);
    free(line->removed);
    reactions_release(&line->reactions);
    free(line);
}
