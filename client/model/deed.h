/*
 * What people did to messages that are there already: reactions put and taken back, removals. The
 * screen shows them where the message stands; whoever prints one line after the other names them here.
 *
 * Invariant: numbers grow by one; the newest DEEDS_MAX are kept. Knows no buffer.
 */
#ifndef SNUG_CLIENT_MODEL_DEED_H
#define SNUG_CLIENT_MODEL_DEED_H

#include "client/model/line.h"
#include "common/ring.h"

enum { DEEDS_MAX = 256 };

enum deed_kind {
    DEED_REACT,
    DEED_UNREACT,
    DEED_REMOVE,
};

struct deed {
    uint64_t number; /* from 1 */
    uint64_t behind; /* the newest line when it was done */
    uint32_t buffer; /* where the message stands */
    enum deed_kind kind;
    int64_t time_ms;
    bool own;    /* the user's */
    char *nick;  /* who did it */
    char *text;  /* the reaction, or why */
    char *msgid; /* of the message */
    char *whose; /* who said it */
    char *about; /* what was said, as it was before */
};

struct deeds {
    struct ring ring; /* struct deed */
    uint64_t count;   /* of all time */
};

/* End: deeds_release. */
void deeds_init(struct deeds *deeds);
void deeds_release(struct deeds *deeds);

/* Notes one, about the message as it is now; the strings are copied, and the number is given here. */
void deeds_note(struct deeds *deeds, struct deed deed, const struct buffer_line *line,
                const char *nick, const char *text);

/* The oldest one with a higher number, borrowed until the next is noted; NULL: none. */
const struct deed *deeds_next(const struct deeds *deeds, uint64_t number);

#endif
