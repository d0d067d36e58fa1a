/*
 * What people did to messages that are there already: reactions put and taken back, removals. The
 * screen shows them where the message stands; whoever prints one line after the other names them here.
 *
 * Invariant: numbers grow by one; the newest LINE_EVENTS_MAX are kept. Knows no buffer.
 */
#ifndef SNUG_CLIENT_MODEL_LINE_EVENT_H
#define SNUG_CLIENT_MODEL_LINE_EVENT_H

#include "client/model/line.h"
#include "common/ring.h"

enum { LINE_EVENTS_MAX = 256 };

enum line_event_kind {
    LINE_EVENT_REACT,
    LINE_EVENT_UNREACT,
    LINE_EVENT_REMOVE,
};

struct line_event {
    uint64_t number; /* from 1 */
    uint64_t behind; /* the newest line when it was done */
    uint32_t buffer; /* where the message stands */
    enum line_event_kind kind;
    int64_t time_ms;
    bool own;    /* the user's */
    char *nick;  /* who did it */
    char *text;  /* the reaction, or why */
    char *msgid; /* of the message */
    char *whose; /* who said it */
    char *about; /* what was said, as it was before */
};

struct line_events {
    struct ring ring; /* struct line_event */
    uint64_t count;   /* of all time */
};

/* End: line_events_release. */
void line_events_init(struct line_events *events);
void line_events_release(struct line_events *events);

/* Notes one, about the message as it is now; the strings are copied, and the number is given here. */
void line_events_note(struct line_events *events, struct line_event event,
                      const struct buffer_line *line, const char *nick, const char *text);

/* The oldest one with a higher number, borrowed until the next is noted; NULL: none. */
const struct line_event *line_events_next(const struct line_events *events, uint64_t number);

#endif
