/* Lines from the server to one client; see reply.h. */
#include "server/door/irc/reply.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* Begins a line from the server in the door's line buffer. */
static struct str *begin(struct irc_client *client, const char *command)
{
    struct str *out = &client->door->out;
    str_reset(out);
    irc_begin(out, client->door->server_name, command);
    return out;
}

static struct str *begin_numeric(struct irc_client *client, enum irc_numeric numeric)
{
    struct str *out = &client->door->out;
    str_reset(out);
    irc_numeric(out, client->door->server_name, numeric, irc_client_nick(client));
    return out;
}

static void end(struct irc_client *client, struct str *out)
{
    if (irc_end(out))
        irc_response_write(client, out->data, out->len);
}

/* Adds the parameters up to NULL, the last as the trailing one. */
static void add_params(struct str *out, va_list params)
{
    const char *param = va_arg(params, const char *);
    while (param) {
        const char *next = va_arg(params, const char *);
        if (next)
            irc_param(out, param);
        else
            irc_trailing(out, param);
        param = next;
    }
}

void irc_reply(struct irc_client *client, enum irc_numeric numeric, ...)
{
    struct str *out = begin_numeric(client, numeric);
    va_list params;
    va_start(params, numeric);
    add_params(out, params);
    va_end(params);
    end(client, out);
}

void irc_replyf(struct irc_client *client, enum irc_numeric numeric, const char *param,
                const char *format, ...)
{
    struct str *out = begin_numeric(client, numeric);
    if (param)
        irc_param(out, param);
    va_list args;
    va_start(args, format);
    irc_trailingv(out, format, args);
    va_end(args);
    end(client, out);
}

void irc_inform(struct irc_client *client, const char *format, ...)
{
    char text[IRC_MAX_BODY_BYTES + 1];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    irc_send(client, "NOTICE", irc_client_nick(client), text, NULL);
}

static void add_words(struct str *out, const char *words)
{
    for (const char *at = words; *at;) {
        char *word = xmemdup0(at, strcspn(at, " "));
        irc_param(out, word);
        free(word);
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
}

void irc_reply_list(struct irc_client *client, enum irc_numeric numeric, const char *param,
                    const char *words)
{
    struct str *out = begin_numeric(client, numeric);
    if (param)
        irc_param(out, param);
    add_words(out, words);
    end(client, out);
}

struct str *irc_reply_begin(struct irc_client *client, enum irc_numeric numeric)
{
    return begin_numeric(client, numeric);
}

void irc_reply_end(struct irc_client *client)
{
    end(client, &client->door->out);
}

void irc_send(struct irc_client *client, const char *command, ...)
{
    struct str *out = begin(client, command);
    va_list params;
    va_start(params, command);
    add_params(out, params);
    va_end(params);
    end(client, out);
}

void irc_send_word(struct irc_client *client, const char *command, const char *word)
{
    struct str *out = begin(client, command);
    irc_param(out, word);
    end(client, out);
}

void irc_send_own(struct irc_client *client, const char *command, ...)
{
    struct who who = session_who(irc_client_session(client));
    char source[IRC_MAX_BODY_BYTES];
    snprintf(source, sizeof source, "%s!%s@%s", who.nick, who.user, who.host);
    struct str *out = &client->door->out;
    str_reset(out);
    irc_begin(out, source, command);
    va_list params;
    va_start(params, command);
    add_params(out, params);
    va_end(params);
    end(client, out);
}

void irc_fail(struct irc_client *client, const char *command, const char *code, ...)
{
    struct str *out = begin(client, "FAIL");
    irc_param(out, command);
    irc_param(out, code);
    va_list params;
    va_start(params, code);
    add_params(out, params);
    va_end(params);
    end(client, out);
}

void irc_remark(struct irc_client *client, const char *command, const char *code, ...)
{
    struct str *out = begin(client, "NOTE");
    irc_param(out, command);
    irc_param(out, code);
    va_list params;
    va_start(params, code);
    add_params(out, params);
    va_end(params);
    end(client, out);
}

void irc_send_aside(struct irc_client *client, const char *source, const char *command,
                    const char *text)
{
    struct str *out = &client->door->out;
    str_reset(out);
    if (irc_line(out, source, command, text, NULL))
        gate_write(client->gate, client->session, out->data, out->len);
}
