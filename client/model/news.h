/*
 * The lines that are new to whoever prints or writes them, each once.
 *
 * A line is news when it is there and settled, or refused or unsure; an own one that is pending is not
 * yet, but it is named once when no answer has come for long. Invariant: no line is named twice, unless
 * first as waiting. Knows no screen and no file.
 */
#ifndef SNUG_CLIENT_MODEL_NEWS_H
#define SNUG_CLIENT_MODEL_NEWS_H

#include "client/model/model.h"
#include "common/ring.h"

enum {
    NEWS_MAX_WAITING = 1000, /* pending lines; further ones are taken as they are */
    NEWS_WAIT_MS = 1000,     /* for so long nobody is told that there is no answer */
};

struct news {
    uint64_t seen;       /* all lines up to that id were looked at */
    struct ring waiting; /* of news.c: pending lines, oldest first */
};

/* Borrowed until the model changes. */
struct news_item {
    const struct buffer *buffer;
    const struct buffer_line *line; /* LINE_PENDING: it waits, and has for long */
};

void news_init(struct news *news);
void news_release(struct news *news);

/* A copy to go back to if what is taken next cannot be used: put in place of the original, it names all of
 * that again. End: news_release. */
struct news news_copy(const struct news *news);

/* Sets *items, which the caller frees, to what is new, in the order of its time, and returns how many
 * they are. */
size_t news_take(struct news *news, const struct model *model, int64_t now_ms,
                 struct news_item **items);

/* When there will be news even if nothing arrives; 0: never. */
int64_t news_next_ms(const struct news *news, int64_t now_ms);

#endif
