/* Answers about the server itself: MOTD, LUSERS, VERSION, TIME, INFO, ADMIN, HELP. */
#include "server/door/irc/info.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

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

void irc_motd(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    irc_info_motd(client);
}

static void reply_count(struct irc_client *client, enum irc_numeric numeric, size_t count,
                        const char *text)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", count);
    irc_reply(client, numeric, number, text, NULL);
}

/* 265 and 266: how many now, how many at most. */
static void reply_peak(struct irc_client *client, enum irc_numeric numeric, const char *scope)
{
    size_t now = hub_session_count(gate_hub(client->gate));
    char users[24];
    char most[24];
    snprintf(users, sizeof users, "%zu", now);
    snprintf(most, sizeof most, "%zu", client->door->most_users);
    char text[96];
    snprintf(text, sizeof text, "Current %s users %s, max %s", scope, users, most);
    irc_reply(client, numeric, users, most, text, NULL);
}

void irc_info_lusers(struct irc_client *client)
{
    const struct hub *hub = gate_hub(client->gate);
    size_t users = hub_session_count(hub);
    irc_replyf(client, RPL_LUSERCLIENT, NULL, "There are %zu users and 0 invisible on 1 servers",
               users);
    reply_count(client, RPL_LUSEROP, 0, "operators online");
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
    (void)message;
    irc_reply(client, RPL_VERSION, "snugd-" SNUG_VERSION, client->door->server_name,
              "A chat for the people on one network", NULL);
    irc_isupport_send(client);
}

void irc_time(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    char text[IRC_TIME_TEXT_BYTES];
    irc_time_text(text, gate_now(client->gate));
    irc_reply(client, RPL_TIME, client->door->server_name, text, NULL);
}

void irc_info(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    char started[IRC_TIME_TEXT_BYTES];
    irc_time_text(started, client->door->started_ms);
    irc_reply(client, RPL_INFO, "snugd " SNUG_VERSION ", the server of Snug", NULL);
    irc_replyf(client, RPL_INFO, NULL, "Up since %s", started);
    irc_reply(client, RPL_ENDOFINFO, "End of INFO", NULL);
}

void irc_admin(struct irc_client *client, const struct irc_message *message)
{
    (void)message;
    const struct irc_door *door = client->door;
    if (!door->admin) {
        irc_reply(client, ERR_NOADMININFO, door->server_name,
                  "Nobody is named as this server's administrator", NULL);
        return;
    }
    irc_reply(client, RPL_ADMINME, door->server_name, "Administrative info", NULL);
    irc_reply(client, RPL_ADMINLOC1, door->network, NULL);
    irc_reply(client, RPL_ADMINEMAIL, door->admin, NULL);
}

static void help_index(struct irc_client *client)
{
    const struct irc_command *command;
    irc_reply(client, RPL_HELPSTART, "*", "Commands; HELP and the name of one tells more", NULL);
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
