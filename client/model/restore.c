#include "client/model/restore.h"

#include "client/model/editor.h"
#include "client/model/format.h"
#include "client/model/history.h"

uint64_t restore_line(struct model *model, struct buffer *buffer, const struct restored_line *old)
{
    enum line_kind kind = old->action ? LINE_ACTION : LINE_TALK;
    struct buffer_line *line =
        format_line(++model->last_line_id, old->time_ms, kind, old->nick, old->text);
    bool room = !ring_full(&model->intents) && buffer->pending < BUFFER_PENDING_MAX;
    line->own = true;
    line->sent = old->sent;
    line_more(line)->origin = old->origin;
    line_set_reply(line, old->reply_to);
    line->state = old->unsure || !room ? LINE_UNSURE : LINE_PENDING;
    uint64_t id = line->id;
    buffer_add(buffer, line);
    if (line->state == LINE_PENDING)
        model_intend_line(model, buffer, line, old->sent);
    return id;
}

void restore_draft(struct buffer *buffer, const char *text, size_t len, size_t cursor)
{
    if (editor_empty(buffer->draft))
        editor_restore(buffer->draft, text, len, cursor);
}

void restore_history(struct buffer *buffer, const char *text, size_t len)
{
    history_add(buffer->history, text, len);
}
