#include "server/door/plain/typed.h"

#include <stdint.h>
#include <string.h>

#include "common/text.h"

enum {
    KEY_BACKSPACE = 0x08,
    KEY_DELETE = 0x7f,
    KEY_ERASE_LINE = 0x15, /* ^U */
    KEY_ERASE_WORD = 0x17, /* ^W */
};

/* Carries out one editing key; false for a byte that is none. */
static bool edit(struct str *text, char key)
{
    switch (key) {
    case KEY_BACKSPACE:
    case KEY_DELETE:
        if (text->len > 0)
            str_cut(text, text_cluster_prev(text->data, text->len, text->len));
        return true;
    case KEY_ERASE_WORD:
        str_cut(text, text_word_prev(text->data, text->len, text->len));
        return true;
    case KEY_ERASE_LINE:
        str_cut(text, 0);
        return true;
    default:
        return false;
    }
}

bool plain_typed(struct str *out, const char *line, size_t len)
{
    str_reset(out);
    if (text_is_harmless(line, len))
        return str_add(out, line, len);
    struct str edited;
    str_init(&edited, len);
    for (size_t i = 0; i < len; i++) {
        if (!edit(&edited, line[i]))
            str_addc(&edited, line[i] == '\t' ? ' ' : line[i]);
    }
    bool good =
        text_utf8_valid(edited.data, edited.len) && text_harmless(out, edited.data, edited.len);
    str_release(&edited);
    return good;
}

/* The length of a style's code at `at` (modern.ircdocs.horse/formatting), or 0. */
static size_t style_len(const char *at, const char *end)
{
    static const char hex[] = "0123456789abcdefABCDEF";
    if (*at == '\x03') {
        size_t digits = strspn(at + 1, "0123456789");
        size_t len = digits > 2 ? 3 : 1 + digits;
        if (digits > 0 && at + len + 1 < end && at[len] == ',') {
            size_t more = strspn(at + len + 1, "0123456789");
            len += more > 2 ? 3 : more > 0 ? 1 + more : 0;
        }
        return len;
    }
    if (*at == '\x04')
        return strspn(at + 1, hex) >= 6 ? 7 : 1;
    return *at != '\0' && strchr("\x02\x0f\x11\x16\x1d\x1e\x1f", *at) ? 1 : 0;
}

void plain_shown(struct str *out, const char *text, size_t len)
{
    if (text_is_harmless(text, len)) {
        str_add(out, text, len);
        return;
    }
    struct str bare;
    str_init(&bare, len);
    for (const char *at = text, *end = text + len; at < end;) {
        size_t skip = style_len(at, end);
        if (skip == 0)
            str_addc(&bare, *at == '\t' ? ' ' : *at);
        at += skip > 0 ? skip : 1;
    }
    text_harmless(out, bare.data, bare.len);
    str_release(&bare);
}
