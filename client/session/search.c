/*
 * Asking the server for what was said: SEARCH (soju.im/search), which answers with one batch.
 *
 * One search at a time, page by page from the newest; a further page begins at the time of the oldest
 * line of the last one. What the answer holds is given to the model's found.h.
 */
#include "client/session/search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/format.h"
#include "client/model/found.h"
#include "client/model/traffic.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/timestamp.h"
#include "common/alloc.h"

enum {
    PAGE_LINES = 100,
    WORDS_MAX_BYTES = 300,
    PATIENCE_MS = 20000, /* with a server that does not answer */
};

void search_release(struct session *s)
{
    struct lookup *lookup = &s->lookup;
    free(lookup->target);
    free(lookup->words);
    *lookup = (struct lookup){.overtaken = lookup->overtaken + lookup->asked};
}

static void end(struct session *s, bool more)
{
    struct lookup *lookup = &s->lookup;
    lookup->asked = lookup->answered = false;
    found_answered(s->model, lookup->n_new, more);
}

static void add_attribute(struct str *attributes, const char *name, const char *value)
{
    if (!value)
        return;
    str_addf(attributes, "%s%s=", attributes->len > 0 ? ";" : "", name);
    irc_tag_escape(attributes, value, strnlen(value, WORDS_MAX_BYTES));
}

static void ask(struct session *s)
{
    struct lookup *lookup = &s->lookup;
    struct str attributes;
    char before[TIMESTAMP_BYTES], limit[16];
    snprintf(limit, sizeof(limit), "%d", PAGE_LINES);
    str_init(&attributes, IRC_MAX_BODY_BYTES);
    add_attribute(&attributes, "in", lookup->target);
    add_attribute(&attributes, "text", lookup->words);
    add_attribute(&attributes, "limit", limit);
    if (lookup->oldest_ms) {
        timestamp_write(before, lookup->oldest_ms);
        add_attribute(&attributes, "before", before + strlen("timestamp="));
    }
    session_send(s, "SEARCH", attributes.data, NULL);
    str_release(&attributes);
    lookup->asked = true;
    lookup->asked_ms = s->now_ms;
    lookup->n_lines = lookup->n_new = 0;
    lookup->behind = 0;
    lookup->skipping = false;
}

void search_ask(struct session *s, const struct intent *intent)
{
    bool on = intent->type == INTENT_SEARCH_ON;
    if (on && !s->lookup.words)
        return;
    if (!on) {
        search_release(s);
        found_clear(s->model);
        s->lookup.buffer = intent->buffer;
        s->lookup.target = intent->target ? xstrdup(intent->target) : NULL;
        s->lookup.words = xstrdup(intent->text);
    }
    ask(s);
}

bool search_begins(struct session *s)
{
    struct lookup *lookup = &s->lookup;
    if (lookup->overtaken > 0) {
        lookup->overtaken--;
        return false;
    }
    bool last = lookup->asked && !lookup->answered;
    lookup->answered |= last;
    return last;
}

void search_ended(struct session *s)
{
    struct lookup *lookup = &s->lookup;
    if (lookup->asked)
        end(s, lookup->n_lines >= PAGE_LINES && lookup->n_new > 0);
}

/* Without a place to search, it is said where. */
static void show(struct session *s, const struct incoming *in, const struct formatted *formatted,
                 enum line_kind kind)
{
    struct lookup *lookup = &s->lookup;
    struct str text;
    const char *where = session_is_me(s, in->m->params[0]) ? in->nick : in->m->params[0];
    str_init(&text, 2 * IRC_MAX_LINE_BYTES);
    str_addf(&text, "[%s] %s", where, formatted->text.data);
    struct heard heard = {
        .kind = kind,
        .nick = in->nick,
        .text = lookup->target ? formatted->text.data : text.data,
        .runs = lookup->target ? formatted->runs : NULL,
        .n_runs = lookup->target ? formatted->n_runs : 0,
        .time_ms = in->time_ms,
        .own = session_is_me(s, in->nick),
        .past = true,
        .msgid = *in->msgid ? in->msgid : NULL,
    };
    uint64_t line = found_add(s->model, lookup->buffer, lookup->behind, &heard);
    lookup->skipping = line == 0;
    lookup->n_new += line != 0;
    lookup->behind = line ? line : lookup->behind;
    str_release(&text);
}

void search_line(struct session *s, const struct incoming *in)
{
    static const char action[] = "\001ACTION ";
    struct lookup *lookup = &s->lookup;
    bool notice = !strcmp(in->m->command, "NOTICE");
    bool speech = notice || !strcmp(in->m->command, "PRIVMSG");
    if (!in->found->found_last || !speech || in->m->n_params < 2)
        return;
    lookup->n_lines++;
    if (!lookup->oldest_ms || in->time_ms < lookup->oldest_ms)
        lookup->oldest_ms = in->time_ms;
    /* A long message comes in several lines, of which the first has its id. */
    if (traffic_is_ignored(s->model, in->nick) || (!*in->msgid && lookup->skipping))
        return;
    char *text = in->m->params[1];
    bool acts = !strncmp(text, action, sizeof(action) - 1);
    if (acts) {
        text += sizeof(action) - 1;
        text[strcspn(text, "\001")] = '\0';
    }
    struct formatted formatted;
    formatted_init(&formatted, text);
    show(s, in, &formatted, notice ? LINE_NOTICE : acts ? LINE_ACTION : LINE_TALK);
    formatted_release(&formatted);
}

void search_failed(struct session *s, const struct incoming *in)
{
    if (strcmp(in->m->params[0], "SEARCH") != 0)
        return;
    if (s->lookup.overtaken > 0)
        s->lookup.overtaken--;
    else if (s->lookup.asked)
        end(s, false);
}

void search_lost(struct session *s)
{
    if (s->lookup.asked)
        end(s, false);
    search_release(s);
    s->lookup.overtaken = 0;
}

void search_step(struct session *s)
{
    if (s->lookup.asked && s->now_ms - s->lookup.asked_ms >= PATIENCE_MS)
        end(s, false);
}

int64_t search_deadline_ms(const struct session *s)
{
    return s->lookup.asked ? s->lookup.asked_ms + PATIENCE_MS : INT64_MAX;
}
