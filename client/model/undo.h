/* The steps that led to a text, so that they can be taken back.
 *
 * A step is: at this offset these bytes were removed and those inserted. Typed runs are one step a
 * word. Bounded in steps and bytes: the oldest are forgotten. Does not hold the text itself. */
#ifndef SNUG_CLIENT_MODEL_UNDO_H
#define SNUG_CLIENT_MODEL_UNDO_H

#include "common/ring.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    UNDO_STEPS_MAX = 500,
    UNDO_MAX_BYTES = 1 << 20, /* but the newest step is always kept */
};

struct undo_step {
    size_t at, removed_len, inserted_len;
    size_t cursor; /* where it was before */
    char *removed;
    bool open; /* more typing may join it */
};

struct undo {
    struct ring steps; /* struct undo_step, oldest first */
    size_t bytes;      /* removed ones, of all steps */
};

void undo_init(struct undo *undo);
void undo_release(struct undo *undo);

/* Forgets every step. */
void undo_reset(struct undo *undo);

/* Notes a step; copies `removed`. */
void undo_note(struct undo *undo, size_t at, const char *removed, size_t removed_len,
               size_t inserted_len, size_t cursor);

/* Notes that `len` bytes were typed at `at`, as part of the run under way if they continue it. */
void undo_note_typed(struct undo *undo, size_t at, size_t len, size_t cursor);

/* Ends the run of typing under way. */
void undo_close(struct undo *undo);

/* Moves the newest step to *step, whose `removed` the caller frees. False: there is none. */
bool undo_take(struct undo *undo, struct undo_step *step);

#endif
