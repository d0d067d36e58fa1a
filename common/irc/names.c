/* Nick and channel rules, case mapping and masks. See names.h. */
#include "common/irc/names.h"

#include <string.h>

#include "common/glob.h"
#include "common/str.h"
#include "common/text.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_beyond_ascii(char c)
{
    return (unsigned char)c & 0x80;
}

static bool is_nick_byte(char c)
{
    return is_beyond_ascii(c) || is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') ||
           (c && strchr("[]\\`_^{|}-", c));
}

/*
 * Says whether what is compared of a name beyond ASCII is still a name: there is something to see,
 * and no character that folds to a space, or to another that a name may not hold.
 */
static bool folds_well(const char *p, size_t len, const char *refused)
{
    struct str key;
    str_init(&key, 64 + 32 * len); /* no character grows more than elevenfold */
    bool well =
        text_fold(&key, p, len) && key.len && text_cluster_width(p, text_cluster_next(p, len, 0));
    for (size_t i = 0; well && i < key.len; i++)
        well = !strchr(refused, key.data[i]);
    str_release(&key);
    return well;
}

bool irc_nick_valid(const char *p, size_t len, size_t max_bytes)
{
    if (!len || len > max_bytes || is_digit(*p) || *p == '-')
        return false;
    bool ascii = true;
    for (size_t i = 0; i < len; i++) {
        if (!is_nick_byte(p[i]))
            return false;
        ascii = ascii && !is_beyond_ascii(p[i]);
    }
    return ascii || (text_is_harmless(p, len) && folds_well(p, len, " ,*?!@#$:.+%&~"));
}

bool irc_channel_valid(const char *p, size_t len, size_t max_bytes)
{
    if (len < 2 || len > max_bytes || *p != '#' || !text_is_harmless(p, len))
        return false;
    return folds_well(p, len, " ,:*?");
}

static bool is_wildcard(char c)
{
    return c == '*' || c == '?';
}

bool irc_mask_match(const char *mask, const char *text)
{
    return glob_match(mask, text);
}

bool irc_is_mask(const char *text)
{
    for (; *text; text++) {
        if (*text == '\\' && is_wildcard(text[1]))
            text++;
        else if (is_wildcard(*text))
            return true;
    }
    return false;
}
