/*
 * IRC formatting codes taken out of a text: what is left is plain, and runs say how it looks.
 *
 * Pure. Bounded: as many runs as a line may have; codes behind the last are taken out without
 * effect. Source: Modern IRC, "IRC Formatting".
 */
#ifndef SNUG_CLIENT_SESSION_FORMAT_H
#define SNUG_CLIENT_SESSION_FORMAT_H

#include "client/model/line.h"
#include "common/str.h"

struct formatted {
    struct str text;
    struct line_run *runs;
    size_t n_runs, size;
};

/* Takes the codes out of the text; NULL is "". End: formatted_release. */
void formatted_init(struct formatted *formatted, const char *text);
void formatted_release(struct formatted *formatted);

#endif
