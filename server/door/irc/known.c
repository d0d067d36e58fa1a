#include "server/door/irc/known.h"

#include "server/account/accounts.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/oper.h"
#include "server/door/irc/reply.h"

void irc_known_write(const struct irc_client *client, const char *name, struct str *out)
{
    const struct known *known = hub_known(gate_hub(client->gate), name);
    unsigned flags = known ? known->flags : 0;
    str_addf(out, "%s is%s admitted, and%s an operator", name, flags & KNOWN_ADMITTED ? "" : " not",
             flags & KNOWN_OPERATOR ? "" : " not");
}

static void change(struct irc_client *client, const char *name, unsigned set, unsigned clear)
{
    const struct command command = {
        .type = COMMAND_KNOW,
        .session = client->session,
        .object = name,
        .set = set,
        .clear = clear,
    };
    gate_step(client->gate, &command);
}

/* All of whom this was said, as far as one answer may go. */
static void list(struct irc_client *client, enum known_flag flag, const char *what)
{
    const struct known *known;
    struct table_walk walk = {0};
    size_t count = 0;
    if (!irc_is_operator(client)) {
        irc_no_privileges(client);
        return;
    }
    while (count < IRC_MATCHES && (known = hub_next_known(gate_hub(client->gate), &walk))) {
        if (!(known->flags & flag))
            continue;
        irc_inform(client, "%s: %s", what, known->name);
        count++;
    }
    irc_inform(client, "%s: %zu %s in all", what, count, count == 1 ? "name" : "names");
}

void irc_admit(struct irc_client *client, const struct irc_message *message)
{
    if (message->n_params == 0)
        list(client, KNOWN_ADMITTED, "admitted");
    else
        change(client, message->params[0], KNOWN_ADMITTED, 0);
}

void irc_unadmit(struct irc_client *client, const struct irc_message *message)
{
    change(client, message->params[0], 0, KNOWN_ADMITTED);
}

void irc_grant(struct irc_client *client, const struct irc_message *message)
{
    if (message->n_params == 0)
        list(client, KNOWN_OPERATOR, "operators");
    else
        change(client, message->params[0], KNOWN_OPERATOR, 0);
}

void irc_revoke(struct irc_client *client, const struct irc_message *message)
{
    change(client, message->params[0], 0, KNOWN_OPERATOR);
}

/* The account goes with its name. */
static void forget(struct irc_client *client, const struct account *account)
{
    struct str key;
    str_init(&key, sizeof ACCOUNT_FACT + ACCOUNT_KEY_BYTES);
    str_addf(&key, "%s%s", ACCOUNT_FACT, account->key);
    const struct owning owning = {.name = account->key, .owner = account->key, .key = key.data};
    gate_disown(client->gate, &owning);
    accounts_remove(client->door->accounts, account);
    str_release(&key);
}

void irc_release(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0];
    struct accounts *accounts = client->door->accounts;
    const struct account *account = accounts ? accounts_find(accounts, name) : NULL;
    const struct command command = {
        .type = COMMAND_RELEASE,
        .session = client->session,
        .object = name,
        .made_ms = account ? account->made_ms : 0,
    };
    gate_step(client->gate, &command);
    if (account && !hub_owner(gate_hub(client->gate), name))
        forget(client, account);
}
