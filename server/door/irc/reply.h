/* Lines from the server to one client. Whatever parameters are given, one line
 * comes out, with as many parameters; too long a text is cut at a character's end. */
#ifndef SNUG_SERVER_DOOR_IRC_REPLY_H
#define SNUG_SERVER_DOOR_IRC_REPLY_H

#include "common/irc/numerics.h"
#include "server/door/irc/client.h"

/* A numeric, addressed to the client's nick; its parameters end with NULL, the last is the text. */
void irc_reply(struct irc_client *client, enum irc_numeric numeric, ...) __attribute__((sentinel));

/* A numeric with one parameter (NULL: none) and a text worded as by printf. */
void irc_replyf(struct irc_client *client, enum irc_numeric numeric, const char *param,
                const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A numeric whose parameters are one (NULL: none) and then the words of a text. */
void irc_reply_list(struct irc_client *client, enum irc_numeric numeric, const char *param,
                    const char *words);

/* A numeric of any form: what irc_param() and irc_trailing() add to what the first returns, the second
 * sends. Nothing else is to be written between them. */
struct str *irc_reply_begin(struct irc_client *client, enum irc_numeric numeric);
void irc_reply_end(struct irc_client *client);

/* Any other line from the server, such as PONG; the parameters end with NULL. */
void irc_send(struct irc_client *client, const char *command, ...) __attribute__((sentinel));

/* Such a line with one word, which is no text: AUTHENTICATE, since some clients look for no colon. */
void irc_send_word(struct irc_client *client, const char *command, const char *word);

/* A line in the client's own name, such as MODE; the parameters end with NULL. */
void irc_send_own(struct irc_client *client, const char *command, ...) __attribute__((sentinel));

/* FAIL command code [context...] text (IRCv3 standard-replies); the parameters end with NULL. */
void irc_fail(struct irc_client *client, const char *command, const char *code, ...)
    __attribute__((sentinel));

/* A NOTICE from the server, which every client shows; worded as by printf. */
void irc_inform(struct irc_client *client, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same that refuses nothing: NOTE command code [context...] text. */
void irc_remark(struct irc_client *client, const char *command, const char *code, ...)
    __attribute__((sentinel));

/* A line that is no part of any answer, such as PING and ERROR; source may be NULL. */
void irc_send_aside(struct irc_client *client, const char *source, const char *command,
                    const char *text);

#endif
