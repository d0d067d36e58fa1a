#include "server/core/names.h"

#include <string.h>

#include "common/text.h"

/* One character of NFKC_Casefold can become eighteen, of four bytes (U+FDFA). */
enum { FOLD_GROWTH = 24 };

static bool is_ascii(char c)
{
    return (unsigned char)c < 0x80;
}

static bool nick_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("[]\\`_^{|}-", c) != NULL);
}

/* Whether these bytes beyond ASCII are letters and digits only, with no gap between them. */
static bool one_word(const char *p, size_t len)
{
    return text_utf8_valid(p, len) && text_is_harmless(p, len) &&
           text_word_next(p, len, 0) == len && text_word_prev(p, len, len) == 0;
}

/* Characters that count as letters or signs and draw nothing: names that differ in them look the same, and
 * one of them alone looks like none. Joiners and variation selectors are not among them: scripts and
 * emoji need those, and folding drops them. */
static bool draws_nothing(int32_t code)
{
    static const struct {
        int32_t first, last;
    } ranges[] = {
        {0x00a0, 0x00a0}, {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x115f, 0x1160},   {0x1680, 0x1680},
        {0x17b4, 0x17b5}, {0x2000, 0x200a}, {0x202f, 0x202f}, {0x205f, 0x205f},   {0x2800, 0x2800},
        {0x3000, 0x3000}, {0x3164, 0x3164}, {0xffa0, 0xffa0}, {0x1d159, 0x1d159},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

/* Whether all of it can be seen, and something is left of it when it is folded. */
static bool is_visible(const char *name, size_t len)
{
    if (text_plain(name, len) == len)
        return true;
    for (size_t at = 0; at < len;) {
        int32_t code;
        at += text_decode(name + at, len - at, &code);
        if (draws_nothing(code))
            return false;
    }
    struct str key;
    str_init(&key, name_key_max(len));
    name_key(&key, name);
    bool visible = key.len > 0;
    str_release(&key);
    return visible;
}

bool name_is_nick(const char *nick, size_t max_bytes)
{
    size_t len = strlen(nick);
    if (len == 0 || len > max_bytes || nick[0] == '-' || (nick[0] >= '0' && nick[0] <= '9'))
        return false;
    for (size_t at = 0; at < len;) {
        if (is_ascii(nick[at])) {
            if (!nick_byte(nick[at++]))
                return false;
            continue;
        }
        size_t end = at;
        while (end < len && !is_ascii(nick[end]))
            end++;
        if (!one_word(nick + at, end - at))
            return false;
        at = end;
    }
    return is_visible(nick, len);
}

bool name_was_room(const char *name, size_t max_bytes)
{
    size_t len = strlen(name);
    if (len < 2 || len > max_bytes || name[0] != '#')
        return false;
    return strpbrk(name, " ,:") == NULL && text_is_harmless(name, len);
}

bool name_is_room(const char *name, size_t max_bytes)
{
    return name_was_room(name, max_bytes) && is_visible(name + 1, strlen(name + 1));
}

bool name_is_host(const char *host, size_t max_bytes)
{
    size_t len =
        strspn(host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:/_");
    return len > 0 && len <= max_bytes && host[len] == '\0' && host[0] != ':';
}

void name_key(struct str *key, const char *name)
{
    str_reset(key);
    size_t len = strlen(name);
    /* What does not fold is no name; as its own key it meets nobody else's. */
    if (!text_fold(key, name, len))
        str_add(key, name, len);
}

char *name_key_new(const char *name)
{
    struct str key;
    str_init(&key, name_key_max(strlen(name)));
    name_key(&key, name);
    return str_detach(&key);
}

void name_conversation(struct str *log, const char *key_a, const char *key_b)
{
    bool in_order = strcmp(key_a, key_b) <= 0;
    str_reset(log);
    str_adds(log, in_order ? key_a : key_b);
    str_addc(log, '\n');
    str_adds(log, in_order ? key_b : key_a);
}

size_t name_key_max(size_t name_bytes)
{
    return name_bytes * FOLD_GROWTH + 1;
}
