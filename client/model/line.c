#include "client/model/line.h"

#include "common/alloc.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

static const struct line_more no_more;

static size_t cut_len(const char *text, size_t max_bytes)
{
    size_t len = text ? strnlen(text, max_bytes + 1) : 0;
    return len > max_bytes ? text_cut_bytes(text, len, max_bytes) : len;
}

char *line_cut(const char *text, size_t max_bytes)
{
    return xmemdup0(text ? text : "", cut_len(text, max_bytes));
}

/* Copies it to `to` and ends it there; returns what is behind. */
static char *put(char *to, const char *text, size_t len)
{
    if (len > 0)
        memcpy(to, text, len);
    to[len] = '\0';
    return to + len + 1;
}

struct buffer_line *line_new(uint64_t id, int64_t time_ms, enum line_kind kind, const char *nick,
                             const char *text)
{
    size_t nick_len = cut_len(nick, LINE_NICK_MAX_BYTES);
    size_t text_len = cut_len(text, LINE_TEXT_MAX_BYTES);
    struct buffer_line *line =
        xcalloc(1, offsetof(struct buffer_line, words) + nick_len + text_len + 2);
    line->id = id;
    line->time_ms = time_ms;
    line->kind = (uint8_t)kind;
    line->more = &no_more;
    line->nick = line->words;
    line->text = put(line->nick, nick, nick_len);
    put(line->text, text, text_len);
    return line;
}

struct line_more *line_more(struct buffer_line *line)
{
    struct line_more *more = (struct line_more *)line->more;
    if (more == &no_more)
        line->more = more = xcalloc(1, sizeof(*more));
    return more;
}

static void free_more(struct line_more *more)
{
    free(more->typed);
    free(more->runs);
    free(more->reply_to);
    free(more->removed);
    reactions_release(&more->reactions);
    free(more);
}

static void free_text(struct buffer_line *line)
{
    if (line->text != line->nick + strlen(line->nick) + 1)
        free(line->text);
}

void line_set_text(struct buffer_line *line, const char *text)
{
    char *copy = line_cut(text, LINE_TEXT_MAX_BYTES); /* it may be the line's own */
    free_text(line);
    line->text = copy;
}

void line_set_typed(struct buffer_line *line, const char *typed)
{
    if (!typed && !line->more->typed)
        return;
    struct line_more *more = line_more(line);
    free(more->typed);
    more->typed = typed ? line_cut(typed, LINE_TEXT_MAX_BYTES) : NULL;
}

void line_set_runs(struct buffer_line *line, const struct line_run *runs, size_t count)
{
    if (count == 0 && line->more->n_runs == 0)
        return;
    struct line_more *more = line_more(line);
    count = count < LINE_RUNS_MAX ? count : LINE_RUNS_MAX;
    free(more->runs);
    more->runs = count > 0 ? xreallocarray(NULL, count, sizeof(*runs)) : NULL;
    more->n_runs = count;
    if (count > 0)
        memcpy(more->runs, runs, count * sizeof(*runs));
}

void line_set_reply(struct buffer_line *line, const char *msgid)
{
    bool is_reply = msgid && strlen(msgid) <= LINE_MSGID_MAX_BYTES;
    if (!is_reply && !line->more->reply_to)
        return;
    struct line_more *more = line_more(line);
    free(more->reply_to);
    more->reply_to = is_reply ? xstrdup(msgid) : NULL;
}

void line_free(struct buffer_line *line)
{
    free_text(line);
    free(line->msgid);
    if (line->more != &no_more)
        free_more((struct line_more *)line->more);
    free(line);
}
