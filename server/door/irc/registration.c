/* How a connection becomes somebody; and PING, PONG and QUIT, which keep and end it. */
#include "server/door/irc/registration.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/account/accounts.h"
#include "server/door/irc/flood.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/info.h"
#include "server/door/irc/isupport.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/oper.h"
#include "server/door/irc/reply.h"

void irc_registration_try(struct irc_client *client)
{
    if (client->welcomed || client->negotiating || !client->named || !client->aside->user)
        return;
    if (client->door->password && !client->passed) {
        irc_reply(client, ERR_PASSWDMISMATCH, "Password incorrect", NULL);
        gate_log(client->gate, client->session, "it does not know the server's password");
        irc_client_leave(client, "Password incorrect");
        return;
    }
    const struct command enter = {
        .type = COMMAND_ENTER,
        .session = client->session,
        .user = client->aside->user,
        .text = client->aside->realname,
    };
    gate_step(client->gate, &enter);
}

static void welcome_text(struct irc_client *client)
{
    const struct irc_door *door = client->door;
    const struct who who = session_who(irc_client_session(client));
    irc_replyf(client, RPL_WELCOME, NULL, "Welcome to %s, %s!%s@%s", door->network, who.nick,
               who.user, who.host);
    irc_replyf(client, RPL_YOURHOST, NULL, "Your host is %s, running snugd %s", door->server_name,
               SNUG_VERSION);
    char started[IRC_TIME_TEXT_BYTES];
    irc_time_text(started, door->started_ms);
    irc_replyf(client, RPL_CREATED, NULL, "This server was started %s", started);
    irc_isupport_myinfo(client);
}

void irc_registration_welcome(struct irc_client *client)
{
    struct irc_aside *aside = irc_client_open_aside(client);
    free(aside->user);
    free(aside->realname);
    aside->user = aside->realname = NULL;
    irc_client_settle_aside(client);
    client->welcomed = true;
    client->door->unregistered--;
    size_t users = hub_session_count(gate_hub(client->gate));
    if (users > client->door->most_users)
        client->door->most_users = users;
    welcome_text(client);
    irc_isupport_send(client);
    irc_info_lusers(client);
    irc_metadata_welcome(client);
    irc_info_motd(client);
}

/* The last one counts when registration is complete. Who guessed too often is not looked at. */
void irc_pass(struct irc_client *client, const struct irc_message *message)
{
    const char *password = client->door->password;
    struct accounts *accounts = client->door->accounts;
    if (client->welcomed) {
        irc_reply(client, ERR_ALREADYREGISTERED, "You may not reregister", NULL);
        return;
    }
    client->passed = false;
    if (!password || irc_must_wait(client))
        return;
    client->passed = irc_same_password(password, message->params[0]);
    if (!client->passed && accounts)
        accounts_failed(accounts, irc_client_address(client), "", "PASS", gate_now(client->gate));
}

void irc_nick(struct irc_client *client, const struct irc_message *message)
{
    const char *nick = message->n_params > 0 ? message->params[0] : "";
    if (*nick == '\0') {
        irc_reply(client, ERR_NONICKNAMEGIVEN, "No nickname given", NULL);
        return;
    }
    const struct command name = {
        .type = COMMAND_NAME,
        .session = client->session,
        .text = nick,
        .unproven = client->negotiating,
    };
    gate_step(client->gate, &name);
    irc_flood_note(client, IRC_FLOOD_NICK);
    irc_registration_try(client);
}

/* Copies a user name with a '~' in front (nobody vouches for it) and without what could not stand
 * in a source. */
static char *user_from(const char *text)
{
    char user[IRC_USER_BYTES + 2] = "~";
    size_t len = 1;
    for (; *text && len < sizeof user - 1; text++)
        if (isalnum((unsigned char)*text) || strchr("-_.", *text))
            user[len++] = *text;
    return xstrdup(len > 1 ? user : "~user");
}

void irc_user(struct irc_client *client, const struct irc_message *message)
{
    if (client->welcomed || client->aside->user) {
        irc_reply(client, ERR_ALREADYREGISTERED, "You may not reregister", NULL);
        return;
    }
    const char *realname = message->params[3];
    if (*message->params[0] == '\0' || *realname == '\0') {
        irc_reply(client, ERR_NEEDMOREPARAMS, "USER", "Not enough parameters", NULL);
        return;
    }
    struct irc_aside *aside = irc_client_open_aside(client);
    aside->user = user_from(message->params[0]);
    aside->realname =
        xmemdup0(realname, text_cut_bytes(realname, strlen(realname), IRC_REALNAME_BYTES));
    irc_registration_try(client);
}

void irc_ping(struct irc_client *client, const struct irc_message *message)
{
    if (message->n_params == 0 || *message->params[0] == '\0') {
        irc_reply(client, ERR_NOORIGIN, "No origin specified", NULL);
        return;
    }
    irc_send(client, "PONG", client->door->server_name, message->params[0], NULL);
}

/* That a line came at all is what counts, and dispatch has noted it. */
void irc_pong(struct irc_client *client, const struct irc_message *message)
{
    (void)client;
    (void)message;
}

void irc_quit(struct irc_client *client, const struct irc_message *message)
{
    const char *given = message->n_params > 0 ? message->params[0] : "";
    char reason[sizeof "Quit: " + IRC_REASON_BYTES];
    if (*given == '\0')
        snprintf(reason, sizeof reason, "Client quit");
    else
        snprintf(reason, sizeof reason, "Quit: %.*s",
                 (int)text_cut_bytes(given, strlen(given), IRC_REASON_BYTES), given);
    irc_client_leave(client, reason);
}
