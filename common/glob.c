/* Wildcard matching. See glob.h. */
#include "common/glob.h"

#include <stdint.h>
#include <string.h>

#include "common/text.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_wildcard(char c)
{
    return c == '*' || c == '?';
}

/* Returns how many bytes one character at `text` has, for '?'. */
static size_t char_len(const char *text)
{
    int32_t code;
    return text_decode(text, strnlen(text, 4), &code);
}

bool glob_match(const char *mask, const char *text)
{
    /* After a '*' only the latest one is ever taken up again: all before it has found its place. */
    const char *after_star = NULL, *retry = NULL;
    for (;;) {
        if (*mask == '*') {
            after_star = ++mask;
            retry = text;
            continue;
        }
        if (!*text && !*mask)
            return true;
        bool escaped = *mask == '\\' && is_wildcard(mask[1]);
        const char *literal = mask + escaped;
        if (*text && *mask == '?') {
            mask++;
            text += char_len(text);
        } else if (*text && lower(*literal) == lower(*text)) {
            mask = literal + 1;
            text++;
        } else if (after_star && *retry) {
            mask = after_star;
            retry += char_len(retry);
            text = retry;
        } else {
            return false;
        }
    }
}
