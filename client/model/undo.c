#include "client/model/undo.h"

#include "common/alloc.h"

#include <stdlib.h>

void undo_init(struct undo *undo)
{
    ring_init(&undo->steps, sizeof(struct undo_step), UNDO_STEPS_MAX);
    undo->bytes = 0;
}

void undo_reset(struct undo *undo)
{
    struct undo_step step;
    while (undo_take(undo, &step))
        free(step.removed);
}

void undo_release(struct undo *undo)
{
    undo_reset(undo);
    ring_release(&undo->steps);
}

static struct undo_step *undo_newest(const struct undo *undo)
{
    return undo->steps.len > 0 ? ring_at(&undo->steps, undo->steps.len - 1) : NULL;
}

static void undo_push(struct undo *undo, const struct undo_step *step)
{
    struct undo_step oldest;
    undo_close(undo);
    if (ring_push(&undo->steps, step, &oldest)) {
        undo->bytes -= oldest.removed_len;
        free(oldest.removed);
    }
    undo->bytes += step->removed_len;
    while (undo->bytes > UNDO_MAX_BYTES && undo->steps.len > 1) {
        ring_pop_front(&undo->steps, &oldest);
        undo->bytes -= oldest.removed_len;
        free(oldest.removed);
    }
}

void undo_note(struct undo *undo, size_t at, const char *removed, size_t removed_len,
               size_t inserted_len, size_t cursor)
{
    struct undo_step step = {
        .at = at,
        .removed_len = removed_len,
        .inserted_len = inserted_len,
        .cursor = cursor,
        .removed = xmemdup0(removed, removed_len),
    };
    undo_push(undo, &step);
}

void undo_note_typed(struct undo *undo, size_t at, size_t len, size_t cursor)
{
    struct undo_step *newest = undo_newest(undo);
    if (newest && newest->open && newest->at + newest->inserted_len == at) {
        newest->inserted_len += len;
        return;
    }
    undo_note(undo, at, "", 0, len, cursor);
    undo_newest(undo)->open = true;
}

void undo_close(struct undo *undo)
{
    struct undo_step *newest = undo_newest(undo);
    if (newest)
        newest->open = false;
}

bool undo_take(struct undo *undo, struct undo_step *step)
{
    if (!ring_pop_back(&undo->steps, step))
        return false;
    undo->bytes -= step->removed_len;
    return true;
}
