/* PASSWD: another password for an account, or a first one. It comes only where it cannot be overheard. */
#include <string.h>

#include "server/door/irc/account.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"

/* Who has forgotten it may come by a certificate of the account's. */
static bool is_proved(const struct irc_client *client, const struct account *account,
                      const char *old)
{
    if (strcmp(old, "*") == 0)
        return client->aside->fingerprint && account_device(account, client->aside->fingerprint);
    return verifier_matches(&account->verifier, old);
}

/* Why it cannot be changed; NULL: it can. */
static const char *obstacle(struct irc_client *client, const struct account *account,
                            const char *old, const char *new, const char **text)
{
    struct accounts *accounts = client->door->accounts;
    int64_t now_ms = gate_now(client->gate);
    *text = "Passwords are accepted only over TLS";
    if (!irc_sasl_offered(client))
        return "TLS_REQUIRED";
    *text = "You are not logged in to an account";
    if (!account)
        return "ACCOUNT_REQUIRED";
    *text = "A password has at least 3 characters";
    if (strlen(new) < IRC_PASSWORD_LEAST_BYTES)
        return "WEAK_PASSWORD";
    *text = "It failed too often; wait a little";
    if (accounts_wait_ms(accounts, irc_client_address(client), account->name, now_ms) > 0)
        return "TRY_AGAIN_LATER";
    *text = "It was tried too often; wait a little";
    if (accounts_try(accounts, irc_client_address(client), client->session, now_ms) > 0)
        return "TRY_AGAIN_LATER";
    *text = "That is not the password";
    if (is_proved(client, account, old))
        return NULL;
    accounts_failed(accounts, irc_client_address(client), account->name, "PASSWD", now_ms);
    return "INVALID_PASSWORD";
}

void irc_passwd(struct irc_client *client, const struct irc_message *message)
{
    struct accounts *accounts = client->door->accounts;
    const char *name = irc_client_session(client)->account;
    const struct account *account = accounts && name ? accounts_find(accounts, name) : NULL;
    const char *text;
    const char *code = obstacle(client, account, message->params[0], message->params[1], &text);
    if (code) {
        irc_fail(client, "PASSWD", code, text, NULL);
        return;
    }
    struct irc_pending before = {.verifier =
                                     accounts_set_password(accounts, account, message->params[1])};
    if (irc_account_keep(client, account, CHANGE_PASSWORD, &before))
        return;
    accounts_set_verifier(accounts, account, &before.verifier);
    irc_fail(client, "PASSWD", "TEMPORARILY_UNAVAILABLE", "The server cannot save it now", NULL);
}

void irc_passwd_changed(struct irc_client *client, const struct account *account, bool kept)
{
    if (kept) {
        accounts_tell(client->door->accounts, "%s changed the password of %s",
                      irc_client_address(client), account->name);
        irc_remark(client, "PASSWD", "CHANGED", account->name, "The password has been changed",
                   NULL);
        return;
    }
    if (account)
        accounts_set_verifier(client->door->accounts, account, &client->aside->pending->verifier);
    irc_fail(client, "PASSWD", "TEMPORARILY_UNAVAILABLE", "The server could not save it", NULL);
}
