#include "client/model/patterns.h"

#include "client/model/member.h"
#include "common/alloc.h"

#include <stdlib.h>
#include <string.h>

void patterns_release(struct patterns *patterns)
{
    for (size_t i = 0; i < patterns->count; i++)
        free(patterns->list[i]);
    free(patterns->list);
    *patterns = (struct patterns){0};
}

static size_t find(const struct patterns *patterns, const char *pattern)
{
    size_t i = 0;
    while (i < patterns->count && !member_same(patterns->list[i], pattern))
        i++;
    return i;
}

bool patterns_add(struct patterns *patterns, const char *pattern)
{
    if (find(patterns, pattern) < patterns->count)
        return true;
    size_t len = strlen(pattern);
    if (len == 0 || len > PATTERN_MAX_BYTES || patterns->count == PATTERNS_MAX)
        return false;
    size_t size = patterns->count + 1;
    patterns->list = xreallocarray(patterns->list, size, sizeof(*patterns->list));
    patterns->list[patterns->count++] = xstrdup(pattern);
    return true;
}

bool patterns_remove(struct patterns *patterns, const char *pattern)
{
    size_t at = find(patterns, pattern);
    if (at == patterns->count)
        return false;
    free(patterns->list[at]);
    patterns->count--;
    memmove(&patterns->list[at], &patterns->list[at + 1],
            (patterns->count - at) * sizeof(*patterns->list));
    return true;
}

/* The code point's bytes behind the first. */
static const char *skip_point(const char *at, const char *end)
{
    for (at++; at < end && ((unsigned char)*at & 0xc0) == 0x80; at++)
        ;
    return at;
}

bool pattern_is(const char *glob, const char *text, size_t len)
{
    const char *end = text + len, *star = NULL, *retry = NULL;
    while (text < end) {
        if (*glob == '*') {
            star = ++glob;
            retry = text;
        } else if (*glob == '?') {
            text = skip_point(text, end);
            glob++;
        } else if (*glob == *text) {
            text++;
            glob++;
        } else if (star) {
            /* Only the last star need take more: what was before it fits as it is. */
            glob = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    return glob[strspn(glob, "*")] == '\0';
}

bool patterns_match(const struct patterns *patterns, const char *text)
{
    if (patterns->count == 0)
        return false;
    char *folded = member_key(text);
    bool found = false;
    for (size_t i = 0; i < patterns->count && !found; i++) {
        char *glob = member_key(patterns->list[i]);
        found = pattern_is(glob, folded, strlen(folded));
        free(glob);
    }
    free(folded);
    return found;
}
