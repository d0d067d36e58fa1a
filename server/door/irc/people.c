/* People: WHOIS, WHOWAS, USERHOST, ISON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/done.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/info.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/oper.h"
#include "server/door/irc/ranks.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

enum { USERHOST_NICKS = 5 }; /* RFC 2812, 4.8 */

/* The entered holder of a nick, or NULL. */
static const struct session *person(const struct irc_client *client, const char *nick)
{
    const struct session *who = hub_find_nick(gate_hub(client->gate), nick);
    return who && who->entered ? who : NULL;
}

/* Adds the symbols that the viewer is to see of somebody's ranks, and the room's name. */
static void add_room(const struct irc_client *client, struct str *rooms,
                     const struct member *member)
{
    char symbols[IRC_RANK_SYMBOLS_BYTES];
    irc_rank_write(symbols, member->ranks, irc_has(client, CAP_MULTI_PREFIX));
    str_addf(rooms, "%s%s%s", rooms->len > 0 ? " " : "", symbols, member->room->name);
}

/* The rooms somebody is in, as far as the viewer may know, with his role there. */
static void whois_rooms(struct irc_client *client, const struct session *who)
{
    const struct session *viewer = irc_client_session(client);
    struct str rooms;
    str_init(&rooms, IRC_MAX_BODY_BYTES);
    for (const struct member *member = who->members; member; member = member->next_of_session) {
        if (!member->in || !hub_sees_members(viewer, member->room))
            continue;
        if (rooms.len + strlen(member->room->name) + IRC_RANK_SYMBOLS_BYTES > IRC_LIST_BYTES) {
            irc_reply(client, RPL_WHOISCHANNELS, who->nick, rooms.data, NULL);
            str_reset(&rooms);
        }
        add_room(client, &rooms, member);
    }
    if (rooms.len > 0)
        irc_reply(client, RPL_WHOISCHANNELS, who->nick, rooms.data, NULL);
    str_release(&rooms);
}

/* What somebody is, beside being here. */
static void whois_standing(struct irc_client *client, const struct session *who)
{
    if (who->flags & SESSION_OPERATOR)
        irc_reply(client, RPL_WHOISOPERATOR, who->nick, "is an IRC operator", NULL);
    if (who->account)
        irc_reply(client, RPL_WHOISACCOUNT, who->nick, who->account, "is logged in as", NULL);
    if (who->flags & SESSION_BOT)
        irc_reply(client, RPL_WHOISBOT, who->nick, "is a bot", NULL);
}

/* Which certificate somebody showed is for himself to see. */
static void whois_secure(struct irc_client *client, const struct session *who)
{
    char text[128];
    if (who->flags & SESSION_SECURE)
        irc_reply(client, RPL_WHOISSECURE, who->nick, "is using a secure connection", NULL);
    if (!irc_client_is(client, session_id(who)) || !client->aside->fingerprint)
        return;
    snprintf(text, sizeof text, "has client certificate fingerprint %s",
             client->aside->fingerprint);
    irc_reply(client, RPL_WHOISCERTFP, who->nick, text, NULL);
}

/* Where somebody really is, for operators and himself. */
static void tell_address(struct irc_client *client, const struct session *who)
{
    if (strcmp(who->host, who->address) != 0 &&
        (irc_client_is(client, session_id(who)) || irc_is_operator(client)))
        irc_reply(client, RPL_WHOISACTUALLY, who->nick, who->address, "is really at this address",
                  NULL);
}

static void whois_idle(struct irc_client *client, const struct session *who)
{
    char idle[24];
    char since[24];
    snprintf(idle, sizeof idle, "%lld", (long long)(gate_now(client->gate) / 1000 - who->spoke_s));
    snprintf(since, sizeof since, "%u", who->connected_s);
    irc_reply(client, RPL_WHOISIDLE, who->nick, idle, since, "seconds idle, signon time", NULL);
}

static void whois_person(struct irc_client *client, const struct session *who)
{
    irc_reply(client, RPL_WHOISUSER, who->nick, who->user, who->host, "*", who->realname, NULL);
    whois_rooms(client, who);
    irc_reply(client, RPL_WHOISSERVER, who->nick, client->door->server_name, client->door->network,
              NULL);
    irc_tell_away(client, who);
    whois_standing(client, who);
    whois_secure(client, who);
    tell_address(client, who);
    whois_idle(client, who);
    irc_metadata_whois(client, who);
}

/* With two parameters the first names a server; there is only this one. */
void irc_whois(struct irc_client *client, const struct irc_message *message)
{
    char *nicks = message->params[message->n_params > 1 ? 1 : 0];
    char *asked = xstrdup(nicks);
    const char *nick = irc_next_target(&nicks);
    for (size_t i = 0; nick && i < client->door->targets; i++, nick = irc_next_target(&nicks)) {
        const struct session *who = person(client, nick);
        if (who)
            whois_person(client, who);
        else
            irc_reply(client, ERR_NOSUCHNICK, nick, "No such nick", NULL);
    }
    if (nick)
        irc_reply(client, ERR_TOOMANYTARGETS, nick, "Too many targets", NULL);
    irc_reply(client, RPL_ENDOFWHOIS, asked, "End of WHOIS list", NULL);
    free(asked);
}

/* Those who had the nick before, the latest first; a count that is none means all (RFC 2812, 3.6.3). */
void irc_whowas(struct irc_client *client, const struct irc_message *message)
{
    const char *nick = message->params[0];
    long most = message->n_params > 1 ? strtol(message->params[1], NULL, 10) : 0;
    const struct departed *departed;
    long count = 0;
    for (size_t at = 0; (most <= 0 || count < most) &&
                        (departed = hub_next_departed(gate_hub(client->gate), nick, &at));
         count++) {
        char time[IRC_TIME_TEXT_BYTES];
        irc_time_text(time, departed->time_ms);
        irc_reply(client, RPL_WHOWASUSER, departed->nick, departed->user, departed->host, "*",
                  departed->realname, NULL);
        if (irc_is_operator(client) && strcmp(departed->host, departed->address) != 0)
            irc_reply(client, RPL_WHOISACTUALLY, departed->nick, departed->address,
                      "was really at this address", NULL);
        irc_reply(client, RPL_WHOISSERVER, departed->nick, client->door->server_name, time, NULL);
    }
    if (count == 0)
        irc_reply(client, ERR_WASNOSUCHNICK, nick, "There was no such nick", NULL);
    irc_reply(client, RPL_ENDOFWHOWAS, nick, "End of WHOWAS", NULL);
}

static void write_userhost(struct str *entry, const struct session *who)
{
    str_reset(entry);
    str_addf(entry, "%s%s=%c%s@%s", who->nick, who->flags & SESSION_OPERATOR ? "*" : "",
             session_away(who) ? '-' : '+', who->user, who->host);
}

/* Several lines, where one does not hold them all. */
void irc_userhost(struct irc_client *client, const struct irc_message *message)
{
    struct str list, entry;
    str_init(&list, IRC_MAX_BODY_BYTES);
    str_init(&entry, IRC_MAX_BODY_BYTES);
    for (size_t i = 0; i < message->n_params && i < USERHOST_NICKS; i++) {
        const struct session *who = person(client, message->params[i]);
        if (!who)
            continue;
        write_userhost(&entry, who);
        if (list.len > 0 && list.len + 1 + entry.len > IRC_LIST_BYTES) {
            irc_reply(client, RPL_USERHOST, list.data, NULL);
            str_reset(&list);
        }
        str_addf(&list, "%s%s", list.len > 0 ? " " : "", entry.data);
    }
    irc_reply(client, RPL_USERHOST, list.data, NULL);
    str_release(&entry);
    str_release(&list);
}

/* Adds those of the words that are nicks of people who are here. */
static void add_present(struct irc_client *client, struct str *list, char *words)
{
    char *rest = NULL;
    for (char *nick = strtok_r(words, " ", &rest); nick; nick = strtok_r(NULL, " ", &rest)) {
        const struct session *who = person(client, nick);
        if (!who)
            continue;
        if (list->len + 1 + strlen(who->nick) > list->max) {
            irc_reply(client, RPL_ISON, list->data, NULL);
            str_reset(list);
        }
        str_addf(list, "%s%s", list->len > 0 ? " " : "", who->nick);
    }
}

/* All that a line holds, since clients take what they asked for in one line to be answered in one. */
static size_t ison_bytes(const struct irc_client *client)
{
    return IRC_MAX_BODY_BYTES - strlen(":  303  :") - strlen(client->door->server_name) -
           strlen(irc_client_nick(client));
}

void irc_ison(struct irc_client *client, const struct irc_message *message)
{
    struct str list;
    str_init(&list, ison_bytes(client));
    for (size_t i = 0; i < message->n_params; i++)
        add_present(client, &list, message->params[i]);
    irc_reply(client, RPL_ISON, list.data, NULL);
    str_release(&list);
}
