/* How a line of a buffer is worded. */
#ifndef SNUG_CLIENT_VIEW_WORDS_H
#define SNUG_CLIENT_VIEW_WORDS_H

#include "client/model/buffer.h"
#include "client/model/line_event.h"
#include "common/str.h"

struct words {
    const char *sign; /* one cell that says what kind it is, "" for talk */
    struct str text;
    size_t nick_from, nick_to; /* where a nick stands in the text */
    size_t said_from, said_to; /* where the line's own text stands in it */
    size_t quote_to;           /* where the quote ends that stands in front of all; 0: none */
    size_t beside_from;        /* where what others put beside it begins; at the end: nothing */
};

/* Words for a line; `alone` when there are no columns: then mark, sign and nick stand in the text.
 * What it answers is quoted from its buffer, unless that is NULL. To be released. */
void words_init(struct words *words, const struct buffer *buffer, const struct buffer_line *line,
                bool alone);
/* Words for all lines that line `index` stands for; see fold.h. To be released. */
void words_init_folded(struct words *words, const struct buffer *buffer, size_t index, bool alone);
void words_release(struct words *words);

/* Appends what was done to a message: "bob reacted 👍 to ada: good morning". */
void words_of_event(const struct line_event *event, struct str *out);

/* Whether the nick of such a line stands in the nick column, where there is one. */
bool words_nick_apart(const struct buffer_line *line);

/* One cell that says how far an own line has come, " " when it is settled. */
const char *words_mark(const struct buffer_line *line);

#endif
