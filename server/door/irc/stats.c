/* STATS: how long the server is up, what it has done, and who its operators are. */
#include <inttypes.h>
#include <stdio.h>

#include "server/door/irc/commands.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/oper.h"
#include "server/door/irc/reply.h"

static void stats_commands(struct irc_client *client)
{
    const struct irc_command *command;
    for (size_t i = 0; (command = irc_command_at(i)); i++) {
        char count[24];
        snprintf(count, sizeof count, "%" PRIu64, client->door->command_counts[i]);
        if (client->door->command_counts[i] > 0)
            irc_reply(client, RPL_STATSCOMMANDS, command->name, count, NULL);
    }
}

static void stats_operators(struct irc_client *client)
{
    const struct session *who;
    struct table_walk walk = {0};
    while ((who = hub_next_session(gate_hub(client->gate), &walk)))
        if (who->flags & SESSION_OPERATOR)
            irc_reply(client, RPL_STATSOLINE, "O", who->host, "*", who->nick, NULL);
}

static void stats_connections(struct irc_client *client)
{
    const struct irc_door *door = client->door;
    size_t users = hub_session_count(gate_hub(client->gate));
    irc_replyf(client, RPL_STATSDEBUG, "T", "%zu users, %zu at most, %zu unregistered", users,
               door->most_users, door->unregistered);
}

static void stats_people(struct irc_client *client)
{
    const int64_t now_ms = gate_now(client->gate);
    size_t count = 0;
    const struct session *who;
    struct table_walk walk = {0};
    while ((who = hub_next_session(gate_hub(client->gate), &walk))) {
        if (++count > IRC_MATCHES) {
            irc_reply(client, ERR_TOOMANYMATCHES, "STATS", "There are more", NULL);
            return;
        }
        irc_replyf(client, RPL_STATSDEBUG, "L",
                   "%s from %s, %" PRIu32 " connections, here for %" PRId64 " s, idle for %" PRId64
                   " s",
                   who->nick, who->address, who->connection_count, now_ms / 1000 - who->connected_s,
                   now_ms / 1000 - who->spoke_s);
    }
}

static void stats_uptime(struct irc_client *client)
{
    int64_t up_ms = gate_now(client->gate) - client->door->started_ms;
    /* The clock may have been set back between the start and the first turn. */
    int64_t up_s = up_ms > 0 ? up_ms / 1000 : 0;
    irc_replyf(client, RPL_STATSUPTIME, NULL, "Server Up %" PRId64 " days %02d:%02d:%02d",
               up_s / 86400, (int)(up_s / 3600 % 24), (int)(up_s / 60 % 60), (int)(up_s % 60));
}

static void stats_bans(struct irc_client *client)
{
    const struct ban *ban;
    for (size_t at = 0; (ban = hub_next_ban(gate_hub(client->gate), &at));) {
        char until[24];
        snprintf(until, sizeof until, "%" PRId64, ban->until_ms / 1000);
        irc_reply(client, RPL_STATSKLINE, "K", ban->mask, until, ban->by, ban->reason, NULL);
    }
}

static const struct {
    char letter;
    bool operators; /* only they may ask */
    void (*tell)(struct irc_client *client);
} queries[] = {
    {'k', true, stats_bans},      {'l', true, stats_people},      {'m', true, stats_commands},
    {'o', true, stats_operators}, {'t', true, stats_connections}, {'u', false, stats_uptime},
};

void irc_stats(struct irc_client *client, const struct irc_message *message)
{
    char first = message->params[0][0];
    const char letter[] = {first > ' ' && first <= '~' ? first : '*', '\0'};
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++) {
        if (queries[i].letter != letter[0])
            continue;
        if (queries[i].operators && !irc_is_operator(client))
            irc_no_privileges(client);
        else
            queries[i].tell(client);
    }
    irc_reply(client, RPL_ENDOFSTATS, letter, "End of STATS report", NULL);
}
