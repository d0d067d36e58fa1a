/* What an earlier run of the program left behind, put back before the first key is pressed.
 *
 * None of it counts as a change: it is known to whoever kept it. */
#ifndef SNUG_CLIENT_MODEL_RESTORE_H
#define SNUG_CLIENT_MODEL_RESTORE_H

#include "client/model/model.h"

/* An own line that was not acknowledged. Strings are borrowed for the call. */
struct restored_line {
    struct line_origin origin;
    int64_t time_ms;
    const char *nick, *text;
    const char *reply_to; /* a msgid; NULL: it answers nothing */
    bool action;
    bool sent;   /* it may have been heard */
    bool unsure; /* is not said again by itself */
};

/* Puts the line back, pending and intended unless it is unsure, or there are too many; returns its
 * id in this run. */
uint64_t restore_line(struct model *model, struct buffer *buffer, const struct restored_line *line);

/* Puts a draft back, unless something stands there. */
void restore_draft(struct buffer *buffer, const char *text, size_t len, size_t cursor);

/* Puts an entry of the input history back; the oldest comes first. */
void restore_history(struct buffer *buffer, const char *text, size_t len);

#endif
