#include "client/session/multiline.h"

#include <stdlib.h>
#include <string.h>

#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "common/alloc.h"
#include "common/text.h"

static const char concat[] = "draft/multiline-concat";

/* A message that is not whole yet. */
struct multiline {
    struct incoming in; /* as its batch was opened; what it points to is not there any more */
    uint32_t fetch;     /* the buffer whose page it belongs to; 0: none */
    char *nick, *target;
    char command[sizeof("PRIVMSG")];
    size_t n_lines;
    struct str text;
};

struct multiline_limits multiline_read_limits(const char *offer, size_t len)
{
    static const char bytes[] = "max-bytes=", lines[] = "max-lines=";
    struct multiline_limits limits = {0, SIZE_MAX};
    const char *end = offer + len, *at = memchr(offer, '=', len);
    while (at && ++at < end) {
        if (!strncmp(at, bytes, sizeof(bytes) - 1))
            limits.max_bytes = strtoul(at + sizeof(bytes) - 1, NULL, 10);
        else if (!strncmp(at, lines, sizeof(lines) - 1))
            limits.max_lines = strtoul(at + sizeof(lines) - 1, NULL, 10);
        at = memchr(at, ',', (size_t)(end - at));
    }
    return limits;
}

struct multiline *multiline_new(const struct incoming *in)
{
    struct multiline *multiline = xcalloc(1, sizeof(*multiline));
    multiline->in = *in;
    multiline->fetch = in->fetch ? in->fetch->buffer : 0;
    multiline->nick = xstrdup(in->nick);
    multiline->target = xstrdup(irc_param_at(in->m, 2));
    str_init(&multiline->text, LINE_TEXT_MAX_BYTES);
    return multiline;
}

void multiline_free(struct multiline *multiline)
{
    if (!multiline)
        return;
    free(multiline->nick);
    free(multiline->target);
    str_release(&multiline->text);
    free(multiline);
}

void multiline_add(struct multiline *multiline, const struct incoming *in)
{
    struct irc_tag tag;
    const char *command = in->m->command;
    if (in->m->n_params < 2 || (strcmp(command, "NOTICE") != 0 && strcmp(command, "PRIVMSG") != 0))
        return;
    if (multiline->n_lines > 0 && !irc_tag_find(in->m, concat, &tag))
        str_addc(&multiline->text, '\n');
    str_adds(&multiline->text, in->m->params[1]);
    memcpy(multiline->command, command, strlen(command) + 1);
    multiline->n_lines++;
}

bool multiline_message(struct session *s, struct multiline *multiline, struct irc_message *m,
                       struct incoming *in)
{
    *m = (struct irc_message){
        .source = {.nick = multiline->nick},
        .command = multiline->command,
        .params = {multiline->target, multiline->text.data},
        .n_params = 2,
    };
    *in = multiline->in;
    in->m = m;
    in->nick = multiline->nick;
    in->request = in->number ? awaiting_numbered(&s->awaiting, in->number) : NULL;
    in->fetch = backlog_find(s, multiline->fetch);
    return multiline->n_lines > 0;
}

/* Where a row that does not fit is cut: behind its last blank, if that is far enough behind. Nothing
 * is left out: the parts are put together again. */
static size_t cut_row(const char *row, size_t len, size_t max_bytes)
{
    if (len <= max_bytes)
        return len;
    size_t cut = text_cut_bytes(row, len, max_bytes), blank = cut;
    while (blank > cut - cut / 4 && row[blank - 1] != ' ')
        blank--;
    return blank > 0 && row[blank - 1] == ' ' ? blank : cut > 0 ? cut : max_bytes;
}

/* A walk through the lines of a text. */
struct walk {
    const char *rest; /* NULL: at its end */
    const char *line;
    size_t len;
    bool joined; /* to the line before */
};

static bool next_line(struct walk *walk, size_t max_bytes)
{
    if (!walk->rest)
        return false;
    walk->joined = walk->line && walk->rest[-1] != '\n';
    walk->line = walk->rest;
    size_t row = strcspn(walk->line, "\n");
    walk->len = cut_row(walk->line, row, max_bytes);
    const char *behind = walk->line + walk->len;
    walk->rest = *behind == '\n' ? behind + 1 : *behind ? behind : NULL;
    return true;
}

size_t multiline_count(const char *text, size_t max_bytes)
{
    size_t count = 0;
    for (struct walk walk = {.rest = text}; next_line(&walk, max_bytes);)
        count++;
    return count;
}

void multiline_write(struct str *out, const char *reference, const char *target, const char *text,
                     size_t max_bytes, size_t max_body_bytes)
{
    for (struct walk walk = {.rest = text}; next_line(&walk, max_bytes);) {
        irc_tag(out, "batch", reference);
        if (walk.joined)
            irc_tag(out, concat, NULL);
        irc_begin(out, NULL, "PRIVMSG");
        irc_param(out, target);
        irc_trailing_bytes(out, walk.line, walk.len);
        irc_end_within(out, max_body_bytes);
    }
}
