#include "client/model/fold.h"

#include <string.h>

static bool spoke_lately(const struct buffer *buffer, const struct buffer_line *line)
{
    const char *nick = line->nick;
    size_t count = buffer_line_count(buffer);
    size_t oldest = count > FOLD_LATELY_LINES ? count - FOLD_LATELY_LINES : 0;
    for (size_t i = count; i-- > oldest;) {
        const struct buffer_line *before = buffer_line_at(buffer, i);
        if (before->time_ms < line->time_ms - FOLD_LATELY_MS)
            return false;
        if (before->kind == LINE_RENAME && strcmp(before->text, nick) == 0)
            nick = before->nick;
        else if (line_is_talk(before) && strcmp(before->nick, nick) == 0)
            return true;
    }
    return false;
}

bool fold_is_quiet(const struct buffer *buffer, const struct buffer_line *line)
{
    bool comes_or_goes = line->kind == LINE_JOIN || line->kind == LINE_PART ||
                         line->kind == LINE_QUIT || line->kind == LINE_RENAME;
    return comes_or_goes && !line->own && buffer->kind == BUFFER_ROOM &&
           !spoke_lately(buffer, line);
}

/* Nothing is hidden behind the divider, which belongs above its line. */
static bool is_hidden(const struct buffer *buffer, size_t i)
{
    const struct buffer_line *line = buffer_line_at(buffer, i);
    return i > 0 && line->quiet && line->id != buffer->first_unread &&
           buffer_line_at(buffer, i - 1)->quiet;
}

size_t fold_first(const struct buffer *buffer, size_t i)
{
    while (is_hidden(buffer, i))
        i--;
    return i;
}

size_t fold_count(const struct buffer *buffer, size_t i)
{
    size_t end = i + 1;
    while (end < buffer_line_count(buffer) && is_hidden(buffer, end))
        end++;
    return end - i;
}
