/* What becomes of the user's own lines. */
#include "client/model/traffic.h"

#include "client/model/traffic_inner.h"

/* The buffer of an own line, and its index there; NULL: the line is gone. */
static struct buffer *find_line(const struct model *model, uint64_t id, size_t *index)
{
    for (size_t i = 0; i < model->buffer_count; i++) {
        ptrdiff_t found = buffer_line_index(model->buffers[i], id);
        *index = (size_t)found;
        if (found >= 0)
            return model->buffers[i];
    }
    return NULL;
}

void traffic_settle(struct model *model, uint64_t id, enum line_state state, int64_t time_ms)
{
    size_t index;
    struct buffer *buffer = find_line(model, id, &index);
    if (!buffer)
        return;
    if (time_ms != 0)
        buffer_line_at(buffer, index)->time_ms = time_ms;
    buffer_set_state(buffer, index, state);
    model_own_changed(model, id);
    changed(model);
}

void traffic_accept(struct model *model, uint64_t id, int64_t time_ms, const char *msgid)
{
    size_t index;
    struct buffer *buffer = find_line(model, id, &index);
    if (!buffer)
        return;
    const struct buffer_line *other = buffer_find_msgid(buffer, msgid);
    if (other && other->id != id)
        buffer_remove(buffer, (size_t)buffer_line_index(buffer, other->id));
    traffic_settle(model, id, LINE_SETTLED, time_ms);
    index = (size_t)buffer_line_index(buffer, id);
    buffer_set_msgid(buffer, buffer_line_at(buffer, index), msgid);
}

void traffic_accept_behind(struct model *model, uint64_t id, uint64_t behind, int64_t time_ms,
                           const char *msgid)
{
    size_t from;
    traffic_accept(model, id, time_ms, msgid);
    struct buffer *buffer = find_line(model, id, &from);
    if (!buffer)
        return;
    size_t to = buffer_index_behind(buffer, behind);
    buffer_move(buffer, from, from < to ? to - 1 : to);
}

void traffic_plain(struct model *model, uint64_t id)
{
    size_t index;
    struct buffer *buffer = find_line(model, id, &index);
    if (buffer)
        line_set_runs(buffer_line_at(buffer, index), NULL, 0);
    changed(model);
}

void traffic_cut(struct model *model, uint64_t id, const char *said)
{
    size_t index;
    struct buffer *buffer = find_line(model, id, &index);
    if (!buffer)
        return;
    buffer_set_text(buffer, buffer_line_at(buffer, index), said);
    model_own_changed(model, id);
    changed(model);
}

void traffic_sent(struct model *model, uint64_t id)
{
    size_t index;
    struct buffer *buffer = find_line(model, id, &index);
    if (!buffer)
        return;
    buffer_line_at(buffer, index)->sent = true;
    model_own_changed(model, id);
}

bool traffic_is_pending(const struct model *model, uint64_t line)
{
    size_t index;
    const struct buffer *buffer = find_line(model, line, &index);
    return buffer && buffer_line_at(buffer, index)->state == LINE_PENDING;
}

size_t traffic_pending(const struct model *model)
{
    size_t count = 0;
    for (size_t i = 0; i < model->buffer_count; i++)
        count += model->buffers[i]->pending;
    return count;
}
