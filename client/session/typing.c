/*
 * Saying that the user types, and hearing that others do: IRCv3 "typing".
 *
 * What the user types is told to where it will be said, if it is no command, and nothing of it is
 * told but that. Signs come under a label of their own: what a server answers to them is nobody's
 * business, such as that the other one is not there.
 */
#include "client/session/typing.h"

#include <string.h>

#include "client/model/editor.h"
#include "client/model/history.h"
#include "client/model/traffic.h"
#include "client/session/capability.h"
#include "client/session/incoming.h"
#include "client/session/internal.h"
#include "client/session/isupport.h"

enum {
    BETWEEN_MS = 3000, /* to one target no two signs come closer */
    PAUSE_MS = 4000,   /* without a key the user has paused */
    ACTIVE_MS = 6000,  /* so long others are believed */
    PAUSED_MS = 30000,
};

const char typing_label[] = "typing";

static const char *const values[] = {
    [TYPING_DONE] = "done", [TYPING_ACTIVE] = "active", [TYPING_PAUSED] = "paused"};

static bool can_tell(const struct session *s)
{
    unsigned needed = CAP_MESSAGE_TAGS | CAP_LABELED_RESPONSE;
    return s->phase == PHASE_ONLINE && (s->caps & needed) == needed &&
           isupport_takes_tag(&s->isupport, "typing") && s->model->settings.typing;
}

/* What the others are to know now. */
static enum typing_state wanted(const struct session *s)
{
    const struct buffer *buffer = s->model->current;
    const char *draft = editor_text(buffer->draft, NULL);
    bool heard = buffer->kind == BUFFER_PERSON || buffer->joined;
    if (!heard || *draft == '\0' || *draft == '/')
        return TYPING_DONE;
    if (s->now_ms - s->typing.changed_ms < PAUSE_MS)
        return TYPING_ACTIVE;
    return s->typing.told == TYPING_DONE ? TYPING_DONE : TYPING_PAUSED;
}

/* Looks at the draft. In another buffer all begins anew: signs age by themselves. */
static void look(struct session *s)
{
    struct typing *t = &s->typing;
    const struct buffer *buffer = s->model->current;
    uint64_t changes = editor_changes(buffer->draft), entered = history_count(buffer->history);
    if (t->buffer != buffer->id) {
        *t = (struct typing){.buffer = buffer->id, .changes = changes, .entered = entered};
    } else if (t->entered != entered) { /* the message itself says that it is done */
        t->told = TYPING_DONE;
        t->changed_ms = 0;
    } else if (t->changes != changes) {
        t->changed_ms = s->now_ms;
    }
    t->changes = changes;
    t->entered = entered;
}

/* Whether others are to be told, now or as soon as it may be. */
static bool is_news(const struct typing *t, enum typing_state state)
{
    return state != t->told || (state == TYPING_ACTIVE && t->changed_ms > t->told_ms);
}

void typing_step(struct session *s)
{
    struct typing *t = &s->typing;
    look(s);
    enum typing_state state = wanted(s);
    if (!can_tell(s) || !is_news(t, state) || s->now_ms - t->told_ms < BETWEEN_MS)
        return;
    irc_tag(&s->output, "label", typing_label);
    irc_tag(&s->output, "+typing", values[state]);
    session_send(s, "TAGMSG", s->model->current->name, NULL);
    t->told = state;
    t->told_ms = s->now_ms;
}

int64_t typing_deadline_ms(const struct session *s)
{
    const struct typing *t = &s->typing;
    if (!can_tell(s))
        return INT64_MAX;
    if (is_news(t, wanted(s)))
        return t->told_ms + BETWEEN_MS;
    return t->told == TYPING_ACTIVE ? t->changed_ms + PAUSE_MS : INT64_MAX;
}

void typing_hear(struct session *s, const struct incoming *in, struct buffer *buffer)
{
    struct str value;
    str_init(&value, sizeof("active"));
    if (!in->past && !session_is_me(s, in->nick) && irc_tag_value(in->m, "+typing", &value)) {
        int64_t span_ms = !strcmp(value.data, values[TYPING_ACTIVE])   ? ACTIVE_MS
                          : !strcmp(value.data, values[TYPING_PAUSED]) ? PAUSED_MS
                                                                       : 0;
        traffic_typing(s->model, buffer, in->nick, s->now_ms, s->now_ms + span_ms);
    }
    str_release(&value);
}
