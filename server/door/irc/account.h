/* Becoming the owner of a name: REGISTER (draft/account-registration), and the first certificate that
 * asks for a name. */
#ifndef SNUG_SERVER_DOOR_IRC_ACCOUNT_H
#define SNUG_SERVER_DOOR_IRC_ACCOUNT_H

#include "server/account/accounts.h"
#include "server/door/irc/client.h"

enum { IRC_PASSWORD_LEAST_BYTES = 3 };

/* What is being changed about an account. */
enum irc_change {
    CHANGE_MADE_BY_CERTIFICATE,
    CHANGE_MADE_BY_PASSWORD,
    CHANGE_DEVICE_ADDED,   /* device.c */
    CHANGE_DEVICE_REVOKED, /* device.c */
    CHANGE_PASSWORD,       /* passwd.c */
    IRC_CHANGES
};

/* A change of an account on its way to the disk, with what it takes to take it back. */
struct irc_pending {
    char *account;
    struct device device;     /* that was added or revoked */
    struct verifier verifier; /* that was there before */
};

/* Keeps an account as it is now; when that is on disk or could not be kept, the change's own function
 * goes on. Takes over what `before` points to; false, and it does not, if it cannot be kept now. */
bool irc_account_keep(struct irc_client *client, const struct account *account,
                      enum irc_change change, const struct irc_pending *before);

/* The same with what nobody waits for, such as when a device was seen. */
void irc_account_keep_later(struct irc_client *client, const struct account *account);

/* Forgets a change that its client does not wait for any more. */
void irc_account_forget(struct irc_client *client);

/* What becomes of a change: `kept` says whether; the account is NULL if there is none any more. */
void irc_device_added(struct irc_client *client, const struct account *account, bool kept);
void irc_device_revoked(struct irc_client *client, const struct account *account, bool kept);
void irc_passwd_changed(struct irc_client *client, const struct account *account, bool kept);

/* Makes an account of the client's nick, which nobody owns, with a password or else its certificate.
 * The email may be NULL. False if there can be none now; else irc_account_page() goes on when it is on disk. */
bool irc_account_make(struct irc_client *client, const char *password, const char *email);

/* Logs in, and says so: 900. False if it goes by a nick that this account does not own, or is one of
 * several connections of another. */
bool irc_account_log_in(struct irc_client *client, const struct account *account);

#endif
