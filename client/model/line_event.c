#include "client/model/line_event.h"

#include "common/alloc.h"

#include <stdlib.h>

static void event_release(struct line_event *event)
{
    free(event->nick);
    free(event->text);
    free(event->msgid);
    free(event->whose);
    free(event->about);
}

void line_events_init(struct line_events *events)
{
    *events = (struct line_events){0};
    ring_init(&events->ring, sizeof(struct line_event), LINE_EVENTS_MAX);
}

void line_events_release(struct line_events *events)
{
    for (struct line_event event; ring_pop_front(&events->ring, &event);)
        event_release(&event);
    ring_release(&events->ring);
}

void line_events_note(struct line_events *events, struct line_event event,
                      const struct buffer_line *line, const char *nick, const char *text)
{
    struct line_event forgotten;
    event.number = ++events->count;
    event.nick = line_cut(nick, LINE_NICK_MAX_BYTES);
    event.text = line_cut(text, LINE_TEXT_MAX_BYTES);
    event.msgid = xstrdup(line->msgid);
    event.whose = line_cut(line->nick, LINE_NICK_MAX_BYTES);
    event.about = line_cut(line->text, LINE_TEXT_MAX_BYTES);
    if (ring_push(&events->ring, &event, &forgotten))
        event_release(&forgotten);
}

const struct line_event *line_events_next(const struct line_events *events, uint64_t number)
{
    uint64_t oldest = events->count - events->ring.len + 1;
    size_t at = number < oldest ? 0 : (size_t)(number - oldest + 1);
    return at < events->ring.len ? ring_at(&events->ring, at) : NULL;
}
