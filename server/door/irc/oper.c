/* What operators of the server may: OPER, KILL, WALLOPS, REHASH. */
#include "server/door/irc/oper.h"

#include <inttypes.h>
#include <string.h>

#include "common/text.h"
#include "server/account/accounts.h"
#include "server/door/irc/bans.h"
#include "server/door/irc/done.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/sasl.h"

enum {
    REPORT_BYTES = 1024,
    FAILURES_MAX = 3, /* of OPER; then who tries has to connect again */
};

bool irc_is_operator(const struct irc_client *client)
{
    return (irc_client_session(client)->flags & SESSION_OPERATOR) != 0;
}

void irc_no_privileges(struct irc_client *client)
{
    irc_reply(client, ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator", NULL);
}

bool irc_same_password(const char *a, const char *b)
{
    size_t len = strlen(a);
    unsigned difference = len != strlen(b);
    for (size_t i = 0; i < len && b[i]; i++)
        difference |= (unsigned char)(a[i] ^ b[i]);
    return difference == 0;
}

/* Whether one of the configured NAME:PASSWORD is this one. */
static bool is_known(const struct irc_door *door, const char *name, const char *password)
{
    bool known = false;
    for (size_t i = 0; i < door->oper_count; i++) {
        const char *row = door->opers[i];
        size_t len = strcspn(row, ":");
        known |= strlen(name) == len && strncmp(row, name, len) == 0 && row[len] == ':' &&
                 irc_same_password(row + len + 1, password);
    }
    return known;
}

/* Tells the server's log what somebody did, or tried to. */
static void report(const struct irc_client *client, const char *did, const char *what)
{
    const struct irc_door *door = client->door;
    if (!door->report)
        return;
    const struct session *session = irc_client_session(client);
    struct str text;
    str_init(&text, REPORT_BYTES);
    str_addf(&text, "%s!%s@%s %s %s", session->nick, session->user, session->address, did, what);
    door->report(door->report_ctx, text.data);
    str_release(&text);
}

/* Writes down what the hub does not know of. */
static void audit(const struct irc_client *client, const char *did, const char *whom)
{
    const struct session *session = irc_client_session(client);
    struct audit_record record = {.did = did, .by = session_who(session), .whom = whom};
    record.by.host = session->address;
    gate_audit(client->gate, &record);
}

bool irc_must_wait(struct irc_client *client)
{
    struct accounts *accounts = client->door->accounts;
    int64_t now_ms = gate_now(client->gate);
    int64_t wait_ms =
        accounts ? accounts_wait_ms(accounts, irc_client_address(client), "", now_ms) : 0;
    if (wait_ms > 0)
        irc_replyf(client, ERR_PASSWDMISMATCH, NULL, "It failed too often; wait %" PRId64 " s",
                   wait_ms / 1000 + 1);
    return wait_ms > 0;
}

/* Anybody can cause this, so that it is told where lines are bounded. */
static void note_failure(struct irc_client *client, const char *name)
{
    struct accounts *accounts = client->door->accounts;
    audit(client, "OPER-FAILED", name);
    if (!accounts)
        return;
    accounts_tell(accounts, "%s at %s failed to become operator %s", irc_client_nick(client),
                  irc_client_address(client), name);
    accounts_failed(accounts, irc_client_address(client), "", "OPER", gate_now(client->gate));
}

void irc_oper(struct irc_client *client, const struct irc_message *message)
{
    if (!irc_sasl_offered(client)) {
        irc_reply(client, ERR_NOOPERHOST, "Passwords are accepted only over TLS", NULL);
        return;
    }
    if (irc_must_wait(client)) /* so that this fills no log */
        return;
    if (!is_known(client->door, message->params[0], message->params[1])) {
        note_failure(client, message->params[0]);
        irc_reply(client, ERR_PASSWDMISMATCH, "Password incorrect", NULL);
        if (++irc_client_open_aside(client)->failed_opers == FAILURES_MAX)
            irc_client_leave(client, "Too many wrong passwords");
        return;
    }
    const struct command command = {
        .type = COMMAND_EMPOWER,
        .session = client->session,
        .object = message->params[0],
    };
    report(client, "became operator", message->params[0]);
    gate_step(client->gate, &command);
}

/* With three parameters the second is how long he is kept out. */
void irc_kill(struct irc_client *client, const struct irc_message *message)
{
    char none[] = "No reason given";
    size_t at = message->n_params > 2 ? 2 : 1;
    char *reason = message->n_params > at && *message->params[at] ? message->params[at] : none;
    reason[text_cut_bytes(reason, strlen(reason), IRC_REASON_BYTES)] = '\0';
    struct command command = {
        .type = COMMAND_KILL,
        .session = client->session,
        .object = message->params[0],
        .text = reason,
    };
    if (at == 2 && !irc_ban_until(client, "KILL", message->params[1], &command.until_ms))
        return;
    if (irc_is_operator(client) && hub_find_nick(gate_hub(client->gate), message->params[0]))
        report(client, "killed", message->params[0]);
    gate_step(client->gate, &command);
    if (command.until_ms != 0)
        irc_done_kept(client, NULL);
}

void irc_chghost(struct irc_client *client, const struct irc_message *message)
{
    const struct command command = {
        .type = COMMAND_HOST,
        .session = client->session,
        .object = message->params[0],
        .text = message->params[1],
    };
    gate_step(client->gate, &command);
    const struct session *who = hub_find_nick(gate_hub(client->gate), message->params[0]);
    if (irc_is_operator(client) && who && strcmp(who->host, message->params[1]) == 0)
        report(client, "gave another host to", message->params[0]);
}

void irc_wallops(struct irc_client *client, const struct irc_message *message)
{
    const struct command command = {
        .type = COMMAND_WALLOPS,
        .session = client->session,
        .text = message->params[0],
    };
    gate_step(client->gate, &command);
}

void irc_rehash(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    struct irc_door *door = client->door;
    if (!irc_is_operator(client)) {
        irc_no_privileges(client);
        return;
    }
    struct str error;
    str_init(&error, IRC_MAX_BODY_BYTES);
    report(client, "asked for the", "configuration to be read again");
    audit(client, "REHASH", NULL);
    irc_reply(client, RPL_REHASHING, door->server_name, "Rehashing", NULL);
    if (door->rehash && !door->rehash(door->rehash_ctx, &error))
        irc_reply(client, ERR_FILEERROR, error.data, NULL);
    str_release(&error);
}
