#include "client/model/mention.h"

#include "client/model/line.h"
#include "client/model/member.h"
#include "common/str.h"
#include "common/text.h"

#include <stdlib.h>
#include <string.h>

/* A byte that a longer nick or word may go on with. */
static bool goes_on(char byte)
{
    unsigned char c = (unsigned char)byte;
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c >= 0x80;
}

static bool word_in(const char *text, size_t len, const char *word)
{
    size_t size = strlen(word);
    const char *at = text;
    while (size > 0 && (at = memmem(at, len - (size_t)(at - text), word, size)) != NULL) {
        const char *end = at + size;
        if ((at == text || !goes_on(at[-1])) && (end == text + len || !goes_on(*end)))
            return true;
        at++;
    }
    return false;
}

/* Whether a word of the text is what the glob stands for. */
static bool glob_in(const char *text, size_t len, const char *glob)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        const char *from = at;
        while (at < end && goes_on(*at))
            at++;
        if (at > from && pattern_is(glob, from, (size_t)(at - from)))
            return true;
        at += at == from;
    }
    return false;
}

/* `text` is folded. */
static bool finds(const struct str *text, const char *wanted)
{
    char *word = member_key(wanted);
    bool found = strpbrk(word, "*?") ? glob_in(text->data, text->len, word)
                                     : word_in(text->data, text->len, word);
    free(word);
    return found;
}

static bool fold(struct str *folded, const char *text)
{
    str_init(folded, LINE_TEXT_MAX_BYTES * 4);
    return text_fold(folded, text, strlen(text));
}

bool mention_in(const char *text, const char *nick)
{
    struct str folded;
    bool found = false;
    if (fold(&folded, text)) {
        char *word = member_key(nick);
        found = word_in(folded.data, folded.len, word);
        free(word);
    }
    str_release(&folded);
    return found;
}

bool mention_of(const char *text, const struct patterns *words)
{
    struct str folded;
    bool found = false;
    if (words->count == 0)
        return false;
    bool good = fold(&folded, text);
    for (size_t i = 0; i < words->count && good && !found; i++)
        found = finds(&folded, words->list[i]);
    str_release(&folded);
    return found;
}
