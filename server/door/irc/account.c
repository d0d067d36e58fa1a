#include "server/door/irc/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "common/alloc.h"
#include "server/account/accounts.h"
#include "server/door/irc/asked.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/registration.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"

static void own(struct irc_client *client, const char *nick, const char *account)
{
    const struct command command = {.type = COMMAND_OWN, .text = nick, .object = account};
    gate_step(client->gate, &command);
}

/* Takes back what was decided and could not be kept. */
static void undo(struct irc_client *client, const struct account *account)
{
    own(client, account->name, NULL);
    accounts_remove(client->door->accounts, account);
}

/* The fact that holds an account. */
struct record {
    struct str key, value;
};

static void record_init(struct record *record, const struct account *account)
{
    str_init(&record->key, sizeof ACCOUNT_FACT + ACCOUNT_KEY_BYTES);
    str_init(&record->value, ACCOUNT_TEXT_BYTES);
    str_addf(&record->key, "%s%s", ACCOUNT_FACT, account->key);
    account_write(account, &record->value);
}

static void record_release(struct record *record)
{
    str_release(&record->key);
    str_release(&record->value);
}

bool irc_account_keep(struct irc_client *client, const struct account *account,
                      enum irc_change change, const struct irc_pending *before)
{
    struct record record;
    record_init(&record, account);
    const struct owning owning = {
        .name = account->key,
        .owner = account->key,
        .key = record.key.data,
        .value = record.value.data,
        .again = change > CHANGE_MADE_BY_PASSWORD,
    };
    bool asked = gate_own(client->gate, client->session, &owning,
                          irc_asked_token(ASKED_ACCOUNT, change)) == REFUSED_NOTHING;
    record_release(&record);
    if (asked) {
        struct irc_pending *pending = xmalloc(sizeof *pending);
        *pending = *before;
        pending->account = xstrdup(account->name);
        irc_client_open_aside(client)->pending = pending;
    }
    return asked;
}

void irc_account_keep_later(struct irc_client *client, const struct account *account)
{
    struct record record;
    record_init(&record, account);
    gate_keep(client->gate, record.key.data, record.value.data);
    record_release(&record);
}

void irc_account_forget(struct irc_client *client)
{
    if (!client->aside->pending)
        return;
    free(client->aside->pending->account);
    device_release(&client->aside->pending->device);
    free(client->aside->pending);
    irc_client_open_aside(client)->pending = NULL;
}

bool irc_account_make(struct irc_client *client, const char *password, const char *email)
{
    struct accounts *accounts = client->door->accounts;
    const struct account *account =
        accounts_add(accounts, irc_client_nick(client), password,
                     password ? NULL : client->aside->fingerprint, gate_now(client->gate));
    if (!account)
        return false;
    if (email)
        accounts_set_email(accounts, account, email);
    own(client, account->name, account->name);
    bool asked = irc_account_keep(client, account,
                                  password ? CHANGE_MADE_BY_PASSWORD : CHANGE_MADE_BY_CERTIFICATE,
                                  &(struct irc_pending){0});
    if (!asked)
        undo(client, account);
    return asked;
}

bool irc_account_log_in(struct irc_client *client, const struct account *account)
{
    const struct session *session = irc_client_session(client);
    const char *owner = session->nick ? hub_owner(gate_hub(client->gate), session->nick) : NULL;
    bool others = session->connection_count > 1 &&
                  accounts_find(client->door->accounts, session->account) != account;
    if (others || (session->entered && owner && strcmp(owner, account->key) != 0))
        return false;
    const struct command command = {
        .type = COMMAND_ACCOUNT,
        .session = client->session,
        .text = account->name,
        .made_ms = account->made_ms,
    };
    gate_step(client->gate, &command);
    session = irc_client_session(client);
    if (!session) /* the account is banned */
        return true;
    if (accounts_came(client->door->accounts, account, irc_client_address(client)))
        irc_account_keep_later(client, account);
    char self[3 * IRC_NAME_BYTES + IRC_REALNAME_BYTES];
    snprintf(self, sizeof self, "%s!%s@%s", irc_client_nick(client),
             session->user ? session->user : "*", session->host);
    irc_reply(client, RPL_LOGGEDIN, self, account->name, "You are now logged in", NULL);
    return true;
}

static void registered(struct irc_client *client, const struct account *account)
{
    irc_send(client, "REGISTER", "SUCCESS", account->name, "Your name is yours now", NULL);
    irc_account_log_in(client, account);
    irc_registration_try(client);
}

static void not_registered(struct irc_client *client, const char *name)
{
    irc_fail(client, "REGISTER", "TEMPORARILY_UNAVAILABLE", name,
             "The server cannot keep more accounts now", NULL);
}

static void made_by_certificate(struct irc_client *client, const struct account *account, bool kept)
{
    if (kept)
        irc_sasl_succeed(client, account);
    else
        irc_sasl_fail(client, "The server could not save that the name is yours");
}

static void made_by_password(struct irc_client *client, const struct account *account, bool kept)
{
    if (kept)
        registered(client, account);
    else
        not_registered(client, client->aside->pending->account);
}

static void (*const changed[IRC_CHANGES])(struct irc_client *client, const struct account *account,
                                          bool kept) = {
    [CHANGE_MADE_BY_CERTIFICATE] = made_by_certificate,
    [CHANGE_MADE_BY_PASSWORD] = made_by_password,
    [CHANGE_DEVICE_ADDED] = irc_device_added,
    [CHANGE_DEVICE_REVOKED] = irc_device_revoked,
    [CHANGE_PASSWORD] = irc_passwd_changed,
};

void irc_account_page(struct irc_client *client, const struct door_page *page)
{
    enum irc_change change = (enum irc_change)irc_asked_rest(page->token);
    bool made = change <= CHANGE_MADE_BY_PASSWORD;
    struct accounts *accounts = client->door->accounts;
    const struct account *account = accounts_find(accounts, client->aside->pending->account);
    bool kept = page->refusal == REFUSED_NOTHING && account;
    if (made && kept)
        accounts_made(accounts, irc_client_address(client), account, gate_now(client->gate));
    else if (made && account)
        undo(client, account);
    changed[change](client, account, kept);
    irc_account_forget(client);
}

/* What can be an address, as far as can be told without sending anything there. */
static bool is_email(const char *text)
{
    const char *at = strchr(text, '@');
    size_t len = strlen(text);
    return at && at > text && at[1] != '\0' && !strchr(at + 1, '@') && len <= ACCOUNT_EMAIL_BYTES &&
           strcspn(text, " \t") == len;
}

/* Why this client cannot register now: the code of a FAIL and its text; NULL: it can. */
static const char *obstacle(const struct irc_client *client, const struct irc_message *message,
                            const char **text)
{
    const char *name = message->params[0];
    const char *email = message->params[1];
    const char *password = message->params[2];
    const struct session *session = irc_client_session(client);
    struct accounts *accounts = client->door->accounts;
    const struct account *named = session->nick ? accounts_find(accounts, session->nick) : NULL;
    enum irc_registration when = client->door->registration;
    bool asked = client->door->register_email || strcmp(email, "*") != 0;
    const struct {
        bool stands;
        const char *code, *text;
    } rows[] = {
        {when == IRC_REGISTER_NEVER, "TEMPORARILY_UNAVAILABLE",
         "Accounts cannot be made by REGISTER here"},
        {when == IRC_REGISTER_CONNECTED && !client->welcomed, "COMPLETE_CONNECTION_REQUIRED",
         "First finish connecting"},
        {!irc_sasl_offered(client), "TEMPORARILY_UNAVAILABLE",
         "Passwords are accepted only over TLS"},
        {irc_client_shut(client), "TEMPORARILY_UNAVAILABLE",
         "First give the password of the server"},
        {!session->nick && client->nick_refused, "ACCOUNT_EXISTS",
         "Somebody else goes by that name"},
        {!session->nick, "NEED_NICK", "First take a nick"},
        {session->account != NULL, "ALREADY_AUTHENTICATED", "You are logged in already"},
        {strcmp(name, "*") != 0 && session->nick && strcasecmp(name, session->nick) != 0,
         "ACCOUNT_NAME_MUST_BE_NICK", "An account must have the name of your nick"},
        {named != NULL, "ACCOUNT_EXISTS", "That name is owned already"},
        {session->nick && hub_imitates(gate_hub(client->gate), session, session->nick),
         "ACCOUNT_EXISTS", "That name looks like that of somebody else"},
        {!hub_admits(gate_hub(client->gate), irc_client_nick(client)), "NOT_ADMITTED",
         "The operator has not admitted that name"},
        {asked && !is_email(email), "INVALID_EMAIL", "That is not an email address"},
        {strlen(password) < IRC_PASSWORD_LEAST_BYTES, "WEAK_PASSWORD",
         "A password has at least 3 characters"},
        {accounts_making_wait_ms(accounts, irc_client_address(client), gate_now(client->gate)) > 0,
         "TEMPORARILY_UNAVAILABLE", "Too many accounts were made from your address: wait a little"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        *text = rows[i].text;
        if (rows[i].stands)
            return rows[i].code;
    }
    return NULL;
}

void irc_register(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0], *email = message->params[1], *text;
    const char *code = obstacle(client, message, &text);
    const char *nick = irc_client_nick(client);
    if (code)
        irc_fail(client, "REGISTER", code, strcmp(name, "*") == 0 ? nick : name, text, NULL);
    else if (!irc_account_make(client, message->params[2], strcmp(email, "*") ? email : NULL))
        not_registered(client, nick);
}

/* Nothing here is ever to be verified. */
void irc_verify(struct irc_client *client, const struct irc_message *message)
{
    irc_fail(client, "VERIFY", "INVALID_CODE", message->params[0],
             "Accounts are not verified here: REGISTER is all that it takes", NULL);
}
