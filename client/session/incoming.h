/* A line of the server: what is known of it, and how it is shown. */
#ifndef SNUG_CLIENT_SESSION_INCOMING_H
#define SNUG_CLIENT_SESSION_INCOMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/model/line.h"

struct awaited;
struct batch;
struct buffer;
struct fetch;
struct irc_message;
struct multiline;
struct session;
struct str;

enum { CLIENT_ID_MAX_BYTES = 64 };

/* One that is being acted on. */
struct incoming {
    struct irc_message *m;
    const char *nick; /* of its source; "" if it has none */
    int64_t time_ms;
    bool past;                   /* of a history, not of now */
    bool of_typing;              /* answers a sign that the user types */
    uint64_t number;             /* of the request that it answers by label; 0: not known */
    struct fetch *fetch;         /* which it is a line of, or NULL */
    struct multiline *multiline; /* which it is a line of, or NULL */
    const struct batch *found;   /* the answer to a search that it belongs to, or NULL */
    char msgid[LINE_MSGID_MAX_BYTES + 1];    /* "": none */
    char reply_to[LINE_MSGID_MAX_BYTES + 1]; /* the message that it answers; "": none */
    char client_id[CLIENT_ID_MAX_BYTES + 1]; /* what its sender calls it; "": nothing */
    struct awaited *request;                 /* of that number, or NULL */
};

/* Says something about the connection itself, see traffic_tell(). */
void incoming_tell(struct session *s, const struct incoming *in, enum line_kind kind,
                   const char *text);

/* Adds a line to the buffer, with the time and the past of the line being acted on; returns its id. */
uint64_t incoming_show(struct session *s, const struct incoming *in, struct buffer *buffer,
                       enum line_kind kind, const char *nick, const char *text);

/* The buffer where the request was typed that the line answers; else the server's. */
struct buffer *incoming_buffer(struct session *s, const struct incoming *in);

/* Appends the parameters from `from` on, with blanks between them. */
void incoming_params(const struct incoming *in, size_t from, struct str *out);

#endif
