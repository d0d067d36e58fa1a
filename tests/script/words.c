#include "tests/script/words.h"

#include <stdio.h>
#include <string.h>

#include "common/str.h"

void words_unescape(struct str *out, const char *text)
{
    str_reset(out);
    for (const char *at = text; *at; at++) {
        unsigned value;
        char byte;
        int used = 0;
        if (sscanf(at, "{%u*%c}%n", &value, &byte, &used) == 2 && used > 0) {
            for (unsigned i = 0; i < value; i++)
                str_addc(out, byte);
            at += used - 1;
        } else if (sscanf(at, "\\x%2x%n", &value, &used) == 1 && used == 4) {
            str_addc(out, (char)value);
            at += used - 1;
        } else if (*at == '\\' && at[1] && strchr("rn0", at[1])) {
            at++;
            str_addc(out, *at == 'r' ? '\r' : *at == 'n' ? '\n' : '\0');
        } else {
            str_addc(out, *at);
        }
    }
}

bool words_match(const char *pattern, const char *line)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*line) {
        if (*pattern == '*') {
            star = ++pattern;
            resume = line;
        } else if (*pattern == *line) {
            pattern++;
            line++;
        } else if (star) {
            pattern = star;
            line = ++resume;
        } else {
            return false;
        }
    }
    return pattern[strspn(pattern, "*")] == '\0';
}

bool words_eat(const char **text, const char *word)
{
    size_t len = strlen(word);
    if (strncmp(*text, word, len) != 0)
        return false;
    *text += len;
    *text += strspn(*text, " ");
    return true;
}
