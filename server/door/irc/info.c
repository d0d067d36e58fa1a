/* Answers about the server itself: MOTD, LUSERS, VERSION, TIME, INFO, ADMIN, LINKS, HELP. */
#include "server/door/irc/info.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "common/irc/names.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/commands.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/isupport.h"
#include "server/door/irc/reply.h"

void irc_time_text(char text[IRC_TIME_TEXT_BYTES], int64_t time_ms)
{
    time_t seconds = (time_t)(time_ms / 1000);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(text, IRC_TIME_TEXT_BYTES, "%a %d %b %Y %H:%M:%S UTC", &parts);
}

void irc_info_motd(struct irc_client *client)
{
    const struct irc_door *door = client->door;
    if (!door->motd) {
        irc_reply(client, ERR_NOMOTD, "There is no message of the day", NULL);
        return;
    }
    irc_replyf(client, RPL_MOTDSTART, NULL, "- %s message of the day -", door->server_name);
    for (const char *at = door->motd; *at;) {
        size_t len = strcspn(at, "\n");
        irc_replyf(client, RPL_MOTD, NULL, "- %.*s", (int)len, at);
        at += len + (at[len] == '\n');
    }
    irc_reply(client, RPL_ENDOFMOTD, "End of message of the day", NULL);
}

/* Whether the optional parameter, which names a server or somebody on it, means this server; else
 * says that there is no other. */
static bool is_here(struct irc_client *client, const struct irc_message *message)
{
    const char *target = message->n_params > 0 ? message->params[0] : "";
    const struct session *who = hub_find_nick(gate_hub(client->gate), target);
    if (*target == '\0' || irc_mask_match(target, client->door->server_name) ||
        (who && who->entered))
        return true;
    irc_reply(client, ERR_NOSUCHSERVER, target, "No such server", NULL);
    return false;
}

void irc_motd(struct irc_client *client, const struct irc_message *message)
{
    if (is_here(client, message))
        irc_info_motd(client);
}

enum { NUMBER_BYTES = 24 };

/* A welcome holds nine numbers, and printf takes a thousand instructions for each. */
static const char *number(char text[NUMBER_BYTES], size_t value)
{
    char *at = text + NUMBER_BYTES - 1;
    *at = '\0';
    do
        *--at = (char)('0' + value % 10);
    while ((value /= 10) > 0);
    return at;
}

static void reply_count(struct irc_client *client, enum irc_numeric numeric, size_t count,
                        const char *text)
{
    char digits[NUMBER_BYTES];
    irc_reply(client, numeric, number(digits, count), text, NULL);
}

/* 265 and 266: how many now, how many at most. */
static void reply_peak(struct irc_client *client, enum irc_numeric numeric, const char *scope)
{
    char digits[2][NUMBER_BYTES];
    const char *users = number(digits[0], hub_session_count(gate_hub(client->gate)));
    const char *most = number(digits[1], client->door->most_users);
    char text[96];
    snprintf(text, sizeof text, "Current %s users %s, max %s", scope, users, most);
    irc_reply(client, numeric, users, most, text, NULL);
}

void irc_info_lusers(struct irc_client *client)
{
    const struct hub *hub = gate_hub(client->gate);
    size_t users = hub_session_count(hub);
    size_t invisible = hub_invisible_count(hub);
    irc_replyf(client, RPL_LUSERCLIENT, NULL, "There are %zu users and %zu invisible on 1 servers",
               users - invisible, invisible);
    reply_count(client, RPL_LUSEROP, hub_operator_count(hub), "operators online");
    reply_count(client, RPL_LUSERUNKNOWN, client->door->unregistered, "unknown connections");
    reply_count(client, RPL_LUSERCHANNELS, hub_room_count(hub), "channels formed");
    irc_replyf(client, RPL_LUSERME, NULL, "I have %zu clients and 0 servers", users);
    reply_peak(client, RPL_LOCALUSERS, "local");
    reply_peak(client, RPL_GLOBALUSERS, "global");
}

void irc_lusers(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    irc_info_lusers(client);
}

void irc_version(struct irc_client *client, const struct irc_message *message)
{
    if (!is_here(client, message))
        return;
    irc_reply(client, RPL_VERSION, "snugd-" SNUG_VERSION, client->door->server_name,
              "A chat for the people on one network", NULL);
    irc_isupport_send(client);
}

void irc_time(struct irc_client *client, const struct irc_message *message)
{
    if (!is_here(client, message))
        return;
    char text[IRC_TIME_TEXT_BYTES];
    irc_time_text(text, gate_now(client->gate));
    irc_reply(client, RPL_TIME, client->door->server_name, text, NULL);
}

void irc_info(struct irc_client *client, const struct irc_message *message)
{
    if (!is_here(client, message))
        return;
    char started[IRC_TIME_TEXT_BYTES];
    irc_time_text(started, client->door->started_ms);
    irc_reply(client, RPL_INFO, "snugd " SNUG_VERSION ", the server of Snug", NULL);
    irc_replyf(client, RPL_INFO, NULL, "Up since %s", started);
    irc_reply(client, RPL_ENDOFINFO, "End of INFO", NULL);
}

void irc_admin(struct irc_client *client, const struct irc_message *message)
{
    const struct irc_door *door = client->door;
    if (!is_here(client, message))
        return;
    if (!door->admin) {
        irc_reply(client, ERR_NOADMININFO, door->server_name,
                  "Nobody is named as this server's administrator", NULL);
        return;
    }
    irc_reply(client, RPL_ADMINME, door->server_name, "Administrative info", NULL);
    irc_reply(client, RPL_ADMINLOC1, door->network, NULL);
    irc_reply(client, RPL_ADMINEMAIL, door->admin, NULL);
}

/* There is one server, and nothing is linked to it. */
void irc_links(struct irc_client *client, const struct irc_message *message)
{
    const char *mask = message->n_params > 0 ? message->params[message->n_params - 1] : "*";
    irc_reply(client, RPL_ENDOFLINKS, mask, "End of LINKS list", NULL);
}

void irc_isupport(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    if (client->welcomed || irc_has(client, CAP_EXTENDED_ISUPPORT))
        irc_isupport_send(client);
    else
        irc_reply(client, ERR_NOTREGISTERED, "You have not registered", NULL);
}

static void help_index(struct irc_client *client)
{
    const struct irc_command *command;
    irc_reply(client, RPL_HELPSTART, "*", "Commands; HELP and the name of one tells more about it",
              NULL);
    for (size_t i = 0; (command = irc_command_at(i)); i++)
        irc_replyf(client, RPL_HELPTXT, "*", "%-10s %s", command->name, command->help);
    irc_reply(client, RPL_ENDOFHELP, "*", "End of HELP", NULL);
}

void irc_help(struct irc_client *client, const struct irc_message *message)
{
    const char *topic = message->n_params > 0 ? message->params[0] : "";
    if (*topic == '\0') {
        help_index(client);
        return;
    }
    const struct irc_command *command = irc_command_find(topic);
    if (!command) {
        irc_reply(client, ERR_HELPNOTFOUND, topic, "No help available on this topic", NULL);
        return;
    }
    irc_replyf(client, RPL_HELPSTART, command->name, "%s %s", command->name, command->syntax);
    irc_reply(client, RPL_HELPTXT, command->name, command->help, NULL);
    irc_reply(client, RPL_ENDOFHELP, command->name, "End of HELP", NULL);
}
