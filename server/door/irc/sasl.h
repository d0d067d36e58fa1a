/* SASL: AUTHENTICATE (IRCv3 sasl-3.1 and 3.2), and what becomes of it. */
#ifndef SNUG_SERVER_DOOR_IRC_SASL_H
#define SNUG_SERVER_DOOR_IRC_SASL_H

#include "server/door/irc/client.h"

struct account;

enum { IRC_SASL_MECHANISMS_BYTES = 64 };

/* Whether passwords may be said on this connection: it is encrypted, or never leaves the machine. */
bool irc_sasl_offered(const struct irc_client *client);

/* The mechanisms that this client may use, with commas between them. */
void irc_sasl_mechanisms(const struct irc_client *client, char text[IRC_SASL_MECHANISMS_BYTES]);

/* Ends an exchange that its client does not go on with, if there is one: 906. */
void irc_sasl_abort(struct irc_client *client);

/* Forgets an exchange. */
void irc_sasl_free(struct irc_sasl *sasl);

/* The exchange came to a good end as this account: logs in. */
void irc_sasl_succeed(struct irc_client *client, const struct account *account);

/* It came to a bad one: 904 with this text. */
void irc_sasl_fail(struct irc_client *client, const char *why);

#endif
