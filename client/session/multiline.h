/*
 * Messages of several lines: IRCv3 "multiline". A batch of lines becomes one text, its rows apart by
 * '\n', and the other way round.
 */
#ifndef SNUG_CLIENT_SESSION_MULTILINE_H
#define SNUG_CLIENT_SESSION_MULTILINE_H

#include <stdbool.h>
#include <stddef.h>

struct incoming;
struct irc_message;
struct multiline;
struct session;
struct str;

/* What a server takes as one message; 0: there is none of several lines. */
struct multiline_limits {
    size_t max_bytes, max_lines;
};

/* Reads "draft/multiline=max-bytes=4096,max-lines=32". */
struct multiline_limits multiline_read_limits(const char *offer, size_t len);

/* A batch opens, as that line of it says: what comes in it is put together. End: multiline_free. */
struct multiline *multiline_new(const struct incoming *in);
void multiline_free(struct multiline *multiline);

/* A line of the batch. */
void multiline_add(struct multiline *multiline, const struct incoming *in);

/* The batch is over: sets the message that it is, which borrows `multiline` and `m`. False: there is none. */
bool multiline_message(struct session *s, struct multiline *multiline, struct irc_message *m,
                       struct incoming *in);

/* How many lines of at most `max_bytes` the text takes. */
size_t multiline_count(const char *text, size_t max_bytes);

/* Appends the lines of a batch, in the batch of that reference, with line bodies of at most
 * `max_body_bytes` and texts of at most `max_bytes`. */
void multiline_write(struct str *out, const char *reference, const char *target, const char *text,
                     size_t max_bytes, size_t max_body_bytes);

#endif
