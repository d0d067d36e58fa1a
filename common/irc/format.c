/*
 * IRC lines written, piece by piece, into a str. Follows message.h.
 *
 * Invariant: whatever the bytes of a piece, it becomes that piece and nothing else; no space, CR,
 * LF or NUL gets through where it would mean something.
 */
#include <stdint.h>
#include <string.h>

#include "common/irc/message.h"
#include "common/str.h"
#include "common/text.h"

static bool at_line_start(const struct str *out)
{
    return !out->len || out->data[out->len - 1] == '\n';
}

/* Whether one of eight bytes is below `limit`, which is at most 128: what borrows from its top bit when
 * the limit is taken away, and has not had that bit itself. */
static bool any_below(const char *bytes, unsigned char limit)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return ((word - ones * limit) & ~word & (ones << 7)) != 0;
}

/* Puts `instead` in the place of bytes that would end the word or the line. */
static void clean(struct str *out, size_t from, bool spaces_too, char instead)
{
    const unsigned char limit = spaces_too ? ' ' + 1 : ' ';
    for (size_t i = from; i < out->len; i++) {
        while (out->len - i > sizeof(uint64_t) && !any_below(out->data + i, limit))
            i += sizeof(uint64_t); /* as nearly all are */
        char byte = out->data[i];
        if ((unsigned char)byte < limit && (!byte || byte == '\r' || byte == '\n' || byte == ' '))
            out->data[i] = instead;
    }
}

/* Adds a word: what can stand between two spaces. */
static void add_word(struct str *out, const char *text, size_t len)
{
    size_t start = out->len;
    str_add(out, text, len);
    clean(out, start, true, '_');
}

static void begin_tag(struct str *out)
{
    str_addc(out, at_line_start(out) ? '@' : ';');
}

void irc_tag(struct str *out, const char *key, const char *value)
{
    begin_tag(out);
    add_word(out, key, strlen(key));
    if (!value || !*value)
        return;
    str_addc(out, '=');
    irc_tag_escape(out, value, strlen(value));
}

void irc_tags_raw(struct str *out, const char *tags, size_t len)
{
    if (!len)
        return;
    begin_tag(out);
    add_word(out, tags, len);
}

void irc_begin(struct str *out, const char *source, const char *command)
{
    if (!at_line_start(out))
        str_addc(out, ' ');
    if (source) {
        str_addc(out, ':');
        add_word(out, source, strlen(source));
        str_addc(out, ' ');
    }
    add_word(out, command, strlen(command));
}

void irc_numeric(struct str *out, const char *source, int number, const char *target)
{
    char digits[4] = {(char)('0' + number / 100 % 10), (char)('0' + number / 10 % 10),
                      (char)('0' + number % 10), '\0'};
    irc_begin(out, source, digits);
    irc_param(out, target);
}

void irc_param(struct str *out, const char *text)
{
    if (!*text)
        text = "*";
    str_addc(out, ' ');
    size_t start = out->len;
    add_word(out, text, strlen(text));
    if (start < out->len && out->data[start] == ':')
        out->data[start] = '_';
}

void irc_trailing_bytes(struct str *out, const char *bytes, size_t len)
{
    str_adds(out, " :");
    size_t start = out->len;
    str_add(out, bytes, len);
    clean(out, start, false, ' ');
}

void irc_trailing(struct str *out, const char *text)
{
    irc_trailing_bytes(out, text, strlen(text));
}

void irc_trailingv(struct str *out, const char *format, va_list args)
{
    str_adds(out, " :");
    size_t start = out->len;
    str_addv(out, format, args);
    clean(out, start, false, ' ');
}

void irc_trailingf(struct str *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    irc_trailingv(out, format, args);
    va_end(args);
}

bool irc_end(struct str *out)
{
    return irc_end_within(out, IRC_MAX_BODY_BYTES);
}

bool irc_end_within(struct str *out, size_t max_body_bytes)
{
    const char *before = memrchr(out->data, '\n', out->len);
    size_t line = before ? (size_t)(before + 1 - out->data) : 0;
    size_t body = line;
    if (out->data[line] == '@')
        body += strcspn(out->data + line, " ") + 1;
    if (!out->overflow && out->len - body > max_body_bytes)
        str_cut(out, body + text_cut_bytes(out->data + body, out->len - body, max_body_bytes));
    str_adds(out, "\r\n");
    if (out->overflow)
        str_cut(out, line);
    return !out->overflow;
}

bool irc_line(struct str *out, const char *source, const char *command, ...)
{
    irc_begin(out, source, command);
    va_list args;
    va_start(args, command);
    const char *param = va_arg(args, const char *);
    while (param) {
        const char *next = va_arg(args, const char *);
        if (next)
            irc_param(out, param);
        else
            irc_trailing(out, param);
        param = next;
    }
    va_end(args);
    return irc_end(out);
}
