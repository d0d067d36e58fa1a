#include "server/door/irc/pieces.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"

struct pieces pieces_of(const struct event *event, size_t max_bytes)
{
    const char *text = event->text ? event->text : ""; /* it may have been taken away */
    return (struct pieces){
        .text = text,
        .len = strlen(text),
        .joints = event->joints ? event->joints : "",
        .max_bytes = max_bytes,
    };
}

/* The first joint behind the place where the piece begins, or the text's end. */
static size_t next_joint(struct pieces *pieces)
{
    char *end;
    for (;;) {
        size_t joint = strtoul(pieces->joints, &end, 10);
        if (end == pieces->joints || joint >= pieces->len)
            return pieces->len;
        if (joint > pieces->at)
            return joint;
        pieces->joints = end;
    }
}

/* How many of these bytes fit: whole characters, and whole clusters where one is not longer. */
static size_t fitting(const char *text, size_t len, size_t max_bytes)
{
    if (len <= max_bytes)
        return len;
    size_t cut = text_cut_bytes(text, len, max_bytes);
    return cut > 0 ? cut : max_bytes;
}

bool pieces_next(struct pieces *pieces, struct piece *piece)
{
    if (pieces->done)
        return false;
    const char *start = pieces->text + pieces->at;
    size_t line = strcspn(start, "\n");
    size_t joint = next_joint(pieces) - pieces->at;
    size_t len = fitting(start, joint < line ? joint : line, pieces->max_bytes);
    *piece = (struct piece){.text = start, .len = len, .joined = pieces->joined};
    pieces->joined = len < line;
    pieces->at += len + (len == line);
    pieces->done = pieces->at > pieces->len;
    return true;
}

bool pieces_several(const struct event *event, size_t max_bytes)
{
    struct pieces pieces = pieces_of(event, max_bytes);
    struct piece piece;
    pieces_next(&pieces, &piece);
    return !pieces.done;
}
