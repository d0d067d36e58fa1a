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

bool mention_in(const char *text, const char *nick)
{
    struct str folded;
    str_init(&folded, LINE_TEXT_MAX_BYTES * 4);
    char *word = member_key(nick);
    bool found = text_fold(&folded, text, strlen(text)) && word_in(folded.data, folded.len, word);
    free(word);
    str_release(&folded);
    return found;
}
