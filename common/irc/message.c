/* One IRC line, parsed in place. The formatter is in format.c; both follow message.h. */
#include "common/irc/message.h"

#include <string.h>

#include "common/str.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static char *skip_spaces(char *p)
{
    while (*p == ' ')
        p++;
    return p;
}

/* Ends the word at `p` with a NUL and returns where the next one begins. */
static char *end_word(char *p)
{
    while (*p && *p != ' ')
        p++;
    if (!*p)
        return p;
    *p = '\0';
    return skip_spaces(p + 1);
}

static char *part_or_null(char *part)
{
    return part && *part ? part : NULL;
}

struct irc_source irc_source_split(char *text)
{
    char *host = strchr(text, '@');
    if (host)
        *host++ = '\0';
    char *user = strchr(text, '!');
    if (user)
        *user++ = '\0';
    return (struct irc_source){part_or_null(text), part_or_null(user), part_or_null(host)};
}

/* Reads tags at `line`, if there are any, and sets `body` behind them. */
static enum irc_error parse_tags(struct irc_message *m, char *line, size_t max_bytes, char **body)
{
    *body = line;
    if (*line != '@')
        return IRC_OK;
    size_t len = strcspn(line, " ");
    bool ended = line[len] == ' ';
    if (len + ended > max_bytes)
        return IRC_TAGS_TOO_LONG;
    m->tags = line + 1;
    m->tags_len = len - 1;
    *body = line + len + ended;
    return ended ? IRC_OK : IRC_NO_COMMAND;
}

static void parse_params(struct irc_message *m, char *p)
{
    while (*p) {
        if (*p == ':' || m->n_params == IRC_MAX_PARAMS - 1) {
            m->params[m->n_params++] = p + (*p == ':');
            return;
        }
        m->params[m->n_params++] = p;
        p = end_word(p);
    }
}

static bool command_valid(const char *command)
{
    if (is_digit(*command))
        return strlen(command) == 3 && is_digit(command[1]) && is_digit(command[2]);
    while (is_letter(*command))
        command++;
    return !*command;
}

static enum irc_error parse_body(struct irc_message *m, char *p)
{
    p = skip_spaces(p);
    if (*p == ':') {
        char *source = p + 1;
        p = end_word(p);
        m->source = irc_source_split(source);
        if (!m->source.nick)
            return IRC_BAD_SOURCE;
    }
    if (!*p)
        return IRC_NO_COMMAND;
    m->command = p;
    p = end_word(p);
    for (char *c = m->command; *c; c++) {
        if (*c >= 'a' && *c <= 'z')
            *c -= 'a' - 'A';
    }
    parse_params(m, p);
    return command_valid(m->command) ? IRC_OK : IRC_BAD_COMMAND;
}

static bool has_bad_byte(const char *line, size_t len)
{
    return memchr(line, '\0', len) || memchr(line, '\r', len) || memchr(line, '\n', len);
}

enum irc_error irc_parse(struct irc_message *m, char *line, size_t len, size_t max_tags_bytes,
                         size_t max_body_bytes)
{
    *m = (struct irc_message){0};
    line[len] = '\0';
    if (has_bad_byte(line, len))
        return IRC_BAD_BYTE;
    if (!*skip_spaces(line))
        return IRC_EMPTY;
    char *body;
    enum irc_error error = parse_tags(m, line, max_tags_bytes, &body);
    if (error)
        return error;
    if ((size_t)(line + len - body) > max_body_bytes)
        return IRC_BODY_TOO_LONG;
    return parse_body(m, body);
}

const char *irc_param_at(const struct irc_message *m, size_t i)
{
    return i < m->n_params ? m->params[i] : "";
}

const char *irc_param_last(const struct irc_message *m)
{
    return m->n_params > 0 ? m->params[m->n_params - 1] : "";
}

bool irc_tag_next(const struct irc_message *m, size_t *at, struct irc_tag *tag)
{
    while (*at < m->tags_len && m->tags[*at] == ';')
        ++*at;
    if (*at >= m->tags_len)
        return false;
    const char *start = m->tags + *at;
    size_t left = m->tags_len - *at;
    const char *end = memchr(start, ';', left);
    size_t len = end ? (size_t)(end - start) : left;
    const char *equals = memchr(start, '=', len);
    tag->key = start;
    tag->key_len = equals ? (size_t)(equals - start) : len;
    tag->value = equals ? equals + 1 : start + len;
    tag->value_len = len - (size_t)(tag->value - start);
    *at += len;
    return true;
}

bool irc_tag_find(const struct irc_message *m, const char *key, struct irc_tag *tag)
{
    size_t key_len = strlen(key);
    bool found = false;
    struct irc_tag each;
    for (size_t at = 0; irc_tag_next(m, &at, &each);) {
        if (each.key_len == key_len && !memcmp(each.key, key, key_len)) {
            *tag = each;
            found = true;
        }
    }
    return found;
}

bool irc_tag_value(const struct irc_message *m, const char *key, struct str *out)
{
    struct irc_tag tag;
    return irc_tag_find(m, key, &tag) && irc_tag_unescape(out, tag.value, tag.value_len);
}

/* IRCv3 "Message Tags", Escaping Values: byte by byte, what stands for it behind a backslash. */
static const struct {
    char byte, escape;
} escapes[] = {{';', ':'}, {' ', 's'}, {'\\', '\\'}, {'\r', 'r'}, {'\n', 'n'}};

enum { N_ESCAPES = sizeof escapes / sizeof *escapes };

/* An escape of no meaning stands for its character alone. */
static char unescaped(char escape)
{
    for (size_t i = 0; i < N_ESCAPES; i++) {
        if (escapes[i].escape == escape)
            return escapes[i].byte;
    }
    return escape;
}

bool irc_tag_unescape(struct str *out, const char *raw, size_t len)
{
    size_t start = out->len;
    for (size_t i = 0; i < len; i++) {
        if (raw[i] == '\\' && i + 1 == len)
            break; /* a lone backslash at the end is to be dropped */
        char byte = raw[i] == '\\' ? unescaped(raw[++i]) : raw[i];
        if (!str_addc(out, byte)) {
            str_cut(out, start);
            return false;
        }
    }
    return true;
}

static bool add_escaped(struct str *out, char byte)
{
    for (size_t i = 0; i < N_ESCAPES; i++) {
        if (escapes[i].byte == byte)
            return str_add(out, (char[]){'\\', escapes[i].escape}, 2);
    }
    return !byte || str_addc(out, byte);
}

bool irc_tag_escape(struct str *out, const char *value, size_t len)
{
    size_t start = out->len;
    for (size_t i = 0; i < len; i++) {
        if (!add_escaped(out, value[i])) {
            str_cut(out, start);
            return false;
        }
    }
    return true;
}
