/*
 * What was said while we could not hear it: IRCv3 draft/chathistory.
 *
 * After a lost connection a room is asked for all that came behind the last message known, page by
 * page, from the log's side up to our own JOIN; a room entered for the first time for its last page;
 * one scrolled to its top for the page before. A fetch that is cut off goes on where it was.
 * Bounded: one fetch a buffer, FETCHES_AT_ONCE of them asked for at a time.
 */
#include "client/session/backlog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/model/traffic.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"
#include "common/alloc.h"

enum {
    FETCHES_AT_ONCE = 4,
    PAGE_LINES = 100,      /* or what the server allows, if that is less */
    GAP_MAX_LINES = 20000, /* twice what a buffer holds: the rest is given up */
};

static bool can_fetch(const struct session *s)
{
    unsigned needed = CAP_CHATHISTORY | CAP_BATCH | CAP_MESSAGE_TAGS;
    return (s->caps & needed) == needed;
}

struct fetch *backlog_find(struct session *s, uint32_t buffer)
{
    for (size_t i = 0; i < s->n_fetches; i++)
        if (s->fetches[i].buffer == buffer)
            return &s->fetches[i];
    return NULL;
}

static struct fetch *begin_fetch(struct session *s, const struct buffer *buffer,
                                 enum fetch_kind kind)
{
    struct fetch *f = backlog_find(s, buffer->id);
    if (f || s->n_fetches == FETCHES_MAX)
        return NULL;
    f = &s->fetches[s->n_fetches++];
    *f = (struct fetch){.buffer = buffer->id, .kind = kind};
    return f;
}

static void end_fetch(struct session *s, struct fetch *f)
{
    free(f->msgid);
    *f = s->fetches[--s->n_fetches];
}

void backlog_release(struct session *s)
{
    while (s->n_fetches > 0)
        end_fetch(s, &s->fetches[0]);
}

void backlog_from(struct fetch *f, const char *msgid)
{
    char *copy = msgid ? xstrdup(msgid) : NULL;
    free(f->msgid);
    f->msgid = copy;
}

/* The newest msgid among the first `n_lines`, or NULL. */
static const char *newest_msgid(const struct buffer *buffer, size_t n_lines)
{
    while (n_lines-- > 0)
        if (buffer_line_at(buffer, n_lines)->msgid)
            return buffer_line_at(buffer, n_lines)->msgid;
    return NULL;
}

static const char *oldest_msgid(const struct buffer *buffer)
{
    for (size_t i = 0; i < buffer_line_count(buffer); i++)
        if (buffer_line_at(buffer, i)->msgid)
            return buffer_line_at(buffer, i)->msgid;
    return NULL;
}

/* Fills the place behind the first `n_lines`: from the last message known there, else, for who wants
 * the past, with the last page. What stands there before the first visit is of that visit itself, such
 * as why one goes by another nick: it stays below the past, where it is seen. */
static struct fetch *begin_gap(struct session *s, const struct buffer *buffer, size_t n_lines)
{
    const char *known = newest_msgid(buffer, n_lines);
    struct fetch *f = NULL;
    if (known || s->wants_past)
        f = begin_fetch(s, buffer, known ? FETCH_GAP : FETCH_LATEST);
    if (!f)
        return NULL;
    backlog_from(f, known);
    bool behind_lines = n_lines > 0 && (known || s->lost_ms);
    f->behind = behind_lines ? buffer_line_at(buffer, n_lines - 1)->id : 0;
    return f;
}

int64_t backlog_away_ms(const struct session *s)
{
    return s->lost_ms && s->now_ms > s->lost_ms ? s->now_ms - s->lost_ms : 0;
}

void backlog_lost(struct session *s)
{
    for (size_t i = s->n_fetches; i-- > 0;) {
        s->fetches[i].asked = false;
        s->fetches[i].again_ms = 0;
        s->fetches[i].waits = true;
        s->fetches[i].parked = false;
        /* What was heard since has a gap behind it, too; and one that is filled, but for the end of its
         * page, has a new one behind it. */
        if (s->fetches[i].kind != FETCH_GAP || s->fetches[i].complete)
            end_fetch(s, &s->fetches[i]);
    }
    for (size_t i = 0; i < s->model->buffer_count; i++) {
        const struct buffer *buffer = s->model->buffers[i];
        bool wanted = buffer->kind == BUFFER_PERSON;
        for (size_t k = 0; k < s->n_rooms && buffer->kind == BUFFER_ROOM; k++)
            wanted |= isupport_same(&s->isupport, s->rooms[k].name, buffer->name);
        struct fetch *f = NULL;
        if (wanted)
            f = begin_gap(s, buffer, buffer_line_count(buffer) - buffer->pending);
        if (f)
            f->waits = true;
    }
}

void backlog_joined(struct session *s, struct buffer *buffer, uint64_t join_line)
{
    ptrdiff_t index = buffer_line_index(buffer, join_line);
    struct fetch *f = backlog_find(s, buffer->id);
    if (!can_fetch(s) && f && backlog_away_ms(s) > 0)
        traffic_missed(s->model, buffer, s->now_ms, backlog_away_ms(s));
    if (!can_fetch(s) && f)
        end_fetch(s, f);
    if (!can_fetch(s) || index < 0)
        return;
    if (!f)
        f = begin_gap(s, buffer, (size_t)index);
    if (!f)
        return;
    f->away_ms = s->phase == PHASE_ENTERING || f->parked ? backlog_away_ms(s) : 0;
    f->waits = f->parked = false;
    f->join_line = join_line;
}

bool backlog_entered(struct session *s)
{
    bool fetches = can_fetch(s);
    for (size_t i = s->n_fetches; i-- > 0;) {
        struct fetch *f = &s->fetches[i];
        const struct buffer *buffer = model_find_id(s->model, f->buffer);
        if (f->waits && (!fetches || !buffer))
            end_fetch(s, f);
        else if (f->waits && buffer->kind != BUFFER_PERSON)
            f->parked = true;
    }
    return fetches;
}

static size_t page_lines(const struct session *s)
{
    size_t allowed = s->isupport.chathistory_lines;
    return allowed > 0 && allowed < PAGE_LINES ? allowed : PAGE_LINES;
}

static void ask(struct session *s, struct fetch *f, const struct buffer *buffer)
{
    static const char *const subcommands[] = {
        [FETCH_LATEST] = "LATEST", [FETCH_GAP] = "AFTER", [FETCH_OLDER] = "BEFORE"};
    char limit[24], place[LINE_MSGID_MAX_BYTES + sizeof("msgid=")] = "*";
    const char *sub = subcommands[f->msgid ? f->kind : FETCH_LATEST];
    if (f->msgid && f->kind != FETCH_LATEST)
        snprintf(place, sizeof(place), "msgid=%s", f->msgid);
    snprintf(limit, sizeof(limit), "%zu", page_lines(s));
    session_send(s, "CHATHISTORY", sub, buffer->name, place, limit, NULL);
    f->asked = true;
    f->asked_ms = s->now_ms;
    f->n_lines = 0;
    f->progress = f->skipping = false;
}

/* No answer will come, or none that helps. */
static void give_up(struct session *s, struct fetch *f)
{
    struct buffer *buffer = model_find_id(s->model, f->buffer);
    if (buffer && f->kind == FETCH_GAP && f->away_ms > 0)
        traffic_missed(s->model, buffer, s->now_ms, f->away_ms);
    if (buffer && f->kind == FETCH_OLDER)
        traffic_older(s->model, buffer, OLDER_NONE);
    end_fetch(s, f);
}

void backlog_step(struct session *s)
{
    size_t n_asked = 0;
    if (s->phase != PHASE_ONLINE)
        return;
    for (size_t i = s->n_fetches; i-- > 0;) {
        struct fetch *f = &s->fetches[i];
        if (f->asked && s->now_ms - f->asked_ms >= BACKLOG_PATIENCE_MS)
            give_up(s, f);
        else
            n_asked += f->asked;
    }
    for (size_t i = 0; i < s->n_fetches && n_asked < FETCHES_AT_ONCE; i++) {
        struct fetch *f = &s->fetches[i];
        const struct buffer *buffer = model_find_id(s->model, f->buffer);
        if (!buffer && !f->asked) { /* closed meanwhile */
            end_fetch(s, f);
            i--;
            continue;
        }
        if (f->asked || f->waits || s->now_ms < f->again_ms)
            continue;
        ask(s, f, buffer);
        n_asked++;
    }
}

int64_t backlog_deadline_ms(const struct session *s)
{
    int64_t first_ms = INT64_MAX;
    for (size_t i = 0; i < s->n_fetches; i++) {
        const struct fetch *f = &s->fetches[i];
        int64_t due_ms = f->asked ? f->asked_ms + BACKLOG_PATIENCE_MS : f->again_ms;
        if (due_ms > s->now_ms && due_ms < first_ms)
            first_ms = due_ms;
    }
    return first_ms;
}

bool backlog_is_busy(const struct session *s)
{
    for (size_t i = 0; i < s->n_fetches; i++)
        if (s->fetches[i].kind != FETCH_OLDER && !s->fetches[i].parked)
            return true;
    return s->targets.asked;
}

bool backlog_fetches(const struct session *s, const struct buffer *buffer)
{
    for (size_t i = 0; i < s->n_fetches; i++)
        if (s->fetches[i].buffer == buffer->id && s->fetches[i].kind != FETCH_OLDER)
            return true;
    return false;
}

void backlog_older(struct session *s, const char *target)
{
    struct buffer *buffer = model_find(s->model, target);
    struct fetch *f = buffer && can_fetch(s) ? begin_fetch(s, buffer, FETCH_OLDER) : NULL;
    if (f)
        backlog_from(f, oldest_msgid(buffer));
    else if (buffer)
        traffic_older(s->model, buffer, can_fetch(s) ? OLDER_PERHAPS : OLDER_NONE);
}

uint32_t backlog_begin_page(struct session *s, const char *target)
{
    const struct buffer *buffer = model_find(s->model, target);
    const struct fetch *f = buffer ? backlog_find(s, buffer->id) : NULL;
    return f && f->asked ? f->buffer : 0;
}

void backlog_end_page(struct session *s, uint32_t id)
{
    struct fetch *f = backlog_find(s, id);
    struct buffer *buffer = model_find_id(s->model, id);
    if (!f || !f->asked)
        return;
    f->asked = false;
    f->n_unread = 0;
    f->n_total += f->n_lines;
    if (buffer && f->kind == FETCH_OLDER)
        traffic_older(s->model, buffer, f->n_lines > 0 ? OLDER_PERHAPS : OLDER_NONE);
    if (buffer && f->kind == FETCH_GAP && f->n_total >= GAP_MAX_LINES)
        model_note(s->model, buffer, s->now_ms, "more was said than can be shown here");
    bool more = f->kind == FETCH_GAP && f->progress && !f->complete && f->n_total < GAP_MAX_LINES;
    if (!buffer || !more)
        end_fetch(s, f);
}

struct fetch *backlog_fill(struct session *s, const struct buffer *buffer)
{
    struct fetch *f = backlog_find(s, buffer->id);
    if (!f && buffer->kind == BUFFER_PERSON)
        f = begin_gap(s, buffer, buffer_line_count(buffer) - buffer->pending);
    if (f)
        f->waits = false;
    return f;
}

void backlog_forget_waiting(struct session *s)
{
    for (size_t i = s->n_fetches; i-- > 0;)
        if (s->fetches[i].waits && !s->fetches[i].parked)
            end_fetch(s, &s->fetches[i]);
}

/* FAIL CHATHISTORY MESSAGE_ERROR ... NOT_READ: snugd has it, and could not read it just then. */
bool backlog_is_unread(const struct incoming *in)
{
    return !strcmp(in->m->params[1], "MESSAGE_ERROR") && in->m->n_params > 3 &&
           !strcmp(in->m->params[in->m->n_params - 2], "NOT_READ");
}

static void fetch_failed(struct session *s, struct fetch *f, bool unread)
{
    if (!unread || ++f->n_unread > BACKLOG_UNREAD_MAX) {
        give_up(s, f);
        return;
    }
    f->asked = false;
    f->again_ms = s->now_ms + BACKLOG_AGAIN_MS;
}

bool backlog_failed(struct session *s, const struct incoming *in)
{
    if (strcmp(in->m->params[0], "CHATHISTORY") != 0)
        return false;
    for (size_t k = 2; k < in->m->n_params; k++) {
        const struct buffer *buffer = model_find(s->model, in->m->params[k]);
        struct fetch *f = buffer ? backlog_find(s, buffer->id) : NULL;
        if (f && f->asked) {
            fetch_failed(s, f, backlog_is_unread(in));
            return true;
        }
    }
    return false;
}
