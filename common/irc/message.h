/*
 * One IRC line, parsed and formatted: tags, source, command, parameters.
 *
 * A parsed message borrows its line, which parsing changes (separators become NULs, the command
 * becomes upper case). Formatting writes whole lines into a str and can write nothing that would
 * be read as another line or as more parameters, whatever bytes it is given.
 * Sources: Modern IRC "Message Format" (any number of parameters is read), IRCv3 "Message Tags".
 * Knows no command and no capability.
 */
#ifndef SNUG_COMMON_IRC_MESSAGE_H
#define SNUG_COMMON_IRC_MESSAGE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct str;

enum {
    IRC_MAX_PARAMS = 255,      /* as many as fit into a body; the last takes the rest of the line */
    IRC_MAX_BODY_BYTES = 510,  /* the line without tags and without its CR LF */
    IRC_MAX_TAGS_BYTES = 8191, /* the leading '@' and the final space counted */
    IRC_MAX_CLIENT_TAG_DATA_BYTES = 4094, /* what a client may send, '@' and space not counted */
    IRC_MAX_LINE_BYTES = IRC_MAX_TAGS_BYTES + IRC_MAX_BODY_BYTES,
};

enum irc_error {
    IRC_OK,
    IRC_EMPTY,         /* nothing, or only spaces: to be ignored */
    IRC_TAGS_TOO_LONG, /* ERR_INPUTTOOLONG */
    IRC_BODY_TOO_LONG, /* ERR_INPUTTOOLONG */
    IRC_BAD_BYTE,      /* NUL, CR or LF inside the line */
    IRC_BAD_SOURCE,    /* a source without a name */
    IRC_NO_COMMAND,    /* tags or a source and nothing more */
    IRC_BAD_COMMAND,   /* neither letters nor three digits; `command` is set to it all the same */
};

/* Who sent it; what is not there is NULL. A server has a nick only: its name. */
struct irc_source {
    char *nick, *user, *host;
};

struct irc_message {
    const char *tags; /* as on the wire, without '@' and space; not NUL-terminated */
    size_t tags_len;  /* 0 = none */
    struct irc_source source;
    char *command; /* upper case */
    char *params[IRC_MAX_PARAMS];
    size_t n_params;
};

/* One tag as on the wire, borrowed from the message. A tag without '=' has an empty value. */
struct irc_tag {
    const char *key;
    size_t key_len;
    const char *value; /* still escaped, see irc_tag_unescape */
    size_t value_len;
};

/*
 * Parses the `len` bytes of `line`, without its line ending and with line[len] writable, in place;
 * `m` borrows the line. The limits, IRC_MAX_TAGS_BYTES and IRC_MAX_BODY_BYTES or others, are the caller's. On an
 * error `m` holds what had been read up to there.
 */
enum irc_error irc_parse(struct irc_message *m, char *line, size_t len, size_t max_tags_bytes,
                         size_t max_body_bytes);

/* Splits a NUL-terminated `nick!user@host` in place, borrowed; an empty part counts as absent. */
struct irc_source irc_source_split(char *text);

/* The parameter of that index, or the last one; "" where there is none. */
const char *irc_param_at(const struct irc_message *m, size_t i);
const char *irc_param_last(const struct irc_message *m);

/* Gives the tags one after the other, as on the wire; `*at` is 0 at first. False at the end. */
bool irc_tag_next(const struct irc_message *m, size_t *at, struct irc_tag *tag);

/* Finds a tag by its whole key, vendor and '+' included; of several the last one counts. */
bool irc_tag_find(const struct irc_message *m, const char *key, struct irc_tag *tag);

/* Appends the unescaped value of the tag `key`; false, and nothing added, if there is no such tag or
 * no room for it. */
bool irc_tag_value(const struct irc_message *m, const char *key, struct str *out);

/* Appends a tag's value unescaped; false, and nothing added, if it would exceed the maximum. */
bool irc_tag_unescape(struct str *out, const char *raw, size_t len);

/* Appends a tag's value escaped, NULs left out; false, and nothing added, if it would exceed it. */
bool irc_tag_escape(struct str *out, const char *value, size_t len);

/*
 * The formatter. `out` holds whole lines, and of a line being written what came so far, in the
 * order: irc_tag..., irc_begin or irc_numeric, irc_param..., irc_trailing (or none), irc_end. Only
 * irc_end reports an overflow, so the others need no check.
 */

/* Adds a tag to the line being begun; `value` may be NULL or empty. `key` must be a valid key. */
void irc_tag(struct str *out, const char *key, const char *value);

/* Adds tags as they are on the wire, such as one of irc_tag_next's; len 0 adds nothing. */
void irc_tags_raw(struct str *out, const char *tags, size_t len);

/* Begins the body: source (NULL for none) and command. */
void irc_begin(struct str *out, const char *source, const char *command);

/* Begins the body of a numeric (numerics.h) to `target`: a nick, or "*" before there is one. */
void irc_numeric(struct str *out, const char *source, int number, const char *target);

/*
 * Adds a parameter that is not the last. What cannot stand there is made to: an empty one becomes
 * '*', a leading ':' and each space or control that would end it becomes '_'.
 */
void irc_param(struct str *out, const char *text);

/* Adds the last parameter, always behind a ':'; CR, LF and NUL become spaces. */
void irc_trailing(struct str *out, const char *text);

/* As irc_trailing, worded as by printf. */
void irc_trailingf(struct str *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
void irc_trailingv(struct str *out, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* As irc_trailing for bytes that need not end in a NUL. */
void irc_trailing_bytes(struct str *out, const char *bytes, size_t len);

/*
 * Ends the line with CR LF. A body over IRC_MAX_BODY_BYTES is cut at a grapheme cluster before. If
 * something of the line did not fit into `out`, all of it is taken back and false is returned, and so
 * for every further line until str_reset: lines have no holes between them.
 */
bool irc_end(struct str *out);

/* As irc_end with a limit of the caller's for the body (its CR LF not counted). */
bool irc_end_within(struct str *out, size_t max_body_bytes);

/* Writes one whole line: the parameters are a NULL-ended list, the last is the trailing one. */
bool irc_line(struct str *out, const char *source, const char *command, ...)
    __attribute__((sentinel));

#endif
