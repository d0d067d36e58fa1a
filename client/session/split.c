/* Messages out of a longer text. */
#include "client/session/split.h"

#include "common/text.h"

/* A word longer than half a message is cut rather than moved to the next one whole. */
#define LONG_WORD_SHARE 2

static size_t skip_breaks(const char *text, size_t len)
{
    size_t at = 0;
    while (at < len && (text[at] == '\n' || text[at] == '\r'))
        at++;
    return at;
}

/* Where the line that does not fit is cut: behind its last space that is not too far in front. */
static size_t cut_line(const char *text, size_t len, size_t max_bytes)
{
    size_t cut = text_cut_bytes(text, len, max_bytes);
    if (cut == 0) /* a cluster longer than a message: bytes are all that is left to cut at */
        return max_bytes;
    if (text[cut] == ' ')
        return cut;
    size_t space = cut;
    while (space > cut - cut / LONG_WORD_SHARE && text[space - 1] != ' ')
        space--;
    return space > 1 && text[space - 1] == ' ' ? space - 1 : cut;
}

size_t split_next(const char *text, size_t len, size_t max_bytes, size_t *begin, size_t *part_len)
{
    size_t at = skip_breaks(text, len);
    const char *line = text + at;
    size_t line_len = 0;
    while (at + line_len < len && line[line_len] != '\n' && line[line_len] != '\r')
        line_len++;
    *begin = at;
    if (line_len <= max_bytes) {
        *part_len = line_len;
        return at + line_len + skip_breaks(line + line_len, len - at - line_len);
    }
    *part_len = cut_line(line, line_len, max_bytes);
    return at + *part_len + (line[*part_len] == ' ');
}
