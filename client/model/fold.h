/* Which lines are shown as one: comings and goings, one after the other, of people who did not
 * speak lately. The lines themselves stay as they are.
 *
 * Invariant: the first of such a run stands for it, the others are hidden; a line that is not quiet
 * stands for itself. */
#ifndef SNUG_CLIENT_MODEL_FOLD_H
#define SNUG_CLIENT_MODEL_FOLD_H

#include "client/model/buffer.h"

enum {
    FOLD_LATELY_MS = 30 * 60 * 1000,
    FOLD_LATELY_LINES = 200, /* whoever spoke before these did so long ago */
};

/* Whether that line, which is about to be added, is of no interest by itself. */
bool fold_is_quiet(const struct buffer *buffer, const struct buffer_line *line);

/* The index of the line that stands for line `i`, which may be itself. */
size_t fold_first(const struct buffer *buffer, size_t i);

/* How many lines line `i` stands for, itself included; at least one. */
size_t fold_count(const struct buffer *buffer, size_t i);

#endif
