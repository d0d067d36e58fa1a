/* Becoming the owner of a name: REGISTER (draft/account-registration), and the first certificate that
 * asks for a name. */
#ifndef SNUG_SERVER_DOOR_IRC_ACCOUNT_H
#define SNUG_SERVER_DOOR_IRC_ACCOUNT_H

#include "server/door/irc/client.h"

struct account;

/* Makes an account of the client's nick, which nobody owns, with a password or else its certificate.
 * The email may be NULL. False if there can be none now; else irc_account_page() goes on when it is on disk. */
bool irc_account_make(struct irc_client *client, const char *password, const char *email);

/* Logs in, and says so: 900. False if it goes by a nick that this account does not own. */
bool irc_account_log_in(struct irc_client *client, const struct account *account);

#endif
