/* People: WHO, WHOIS, USERHOST, ISON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/irc/names.h"
#include "server/core/modes.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

/* The entered holder of a nick, or NULL. */
static const struct session *person(const struct irc_client *client, const char *nick)
{
    const struct session *who = hub_find_nick(gate_hub(client->gate), nick);
    return who && who->entered ? who : NULL;
}

static const struct member *any_membership(const struct session *who)
{
    const struct member *member = who->members;
    while (member && !member->in)
        member = member->next_of_session;
    return member;
}

static void who_line(struct irc_client *client, const struct session *who,
                     const struct member *member)
{
    const char *flags = member && rank_reaches(member->ranks, RANK_OPERATOR) ? "H@" : "H";
    char info[IRC_REALNAME_BYTES + 4];
    snprintf(info, sizeof info, "0 %s", who->realname);
    irc_reply(client, RPL_WHOREPLY, member ? member->room->name : "*", who->user, who->host,
              client->door->server_name, who->nick, flags, info, NULL);
}

static void who_room(struct irc_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    size_t count = room ? room->roster_count : 0;
    for (size_t i = 0; i < count && i < IRC_MATCHES; i++)
        who_line(client, room->seats[i]->session, room->seats[i]);
    if (count > IRC_MATCHES)
        irc_reply(client, ERR_TOOMANYMATCHES, "WHO", "Too many; ask for less", NULL);
}

static bool who_matches(const struct session *who, const char *mask)
{
    return irc_mask_match(mask, who->nick) || irc_mask_match(mask, who->user) ||
           irc_mask_match(mask, who->host) || irc_mask_match(mask, who->realname);
}

static void who_mask(struct irc_client *client, const char *mask)
{
    struct table_walk walk = {0};
    size_t count = 0;
    for (const struct session *who;
         (who = hub_next_session(gate_hub(client->gate), &walk)) != NULL;) {
        if (!who_matches(who, mask))
            continue;
        if (++count > IRC_MATCHES) {
            irc_reply(client, ERR_TOOMANYMATCHES, "WHO", "Too many; ask for less", NULL);
            return;
        }
        who_line(client, who, any_membership(who));
    }
}

void irc_who(struct irc_client *client, const struct irc_message *message)
{
    const char *mask = message->params[0];
    if (*mask == '#')
        who_room(client, mask);
    else if (irc_is_mask(mask))
        who_mask(client, mask);
    else if (person(client, mask))
        who_line(client, person(client, mask), any_membership(person(client, mask)));
    irc_reply(client, RPL_ENDOFWHO, mask, "End of WHO list", NULL);
}

/* The rooms somebody is in, with his role there. */
static void whois_rooms(struct irc_client *client, const struct session *who)
{
    struct str rooms;
    str_init(&rooms, IRC_MAX_BODY_BYTES);
    for (const struct member *member = who->members; member; member = member->next_of_session) {
        if (!member->in)
            continue;
        if (rooms.len + strlen(member->room->name) + 2 > IRC_LIST_BYTES) {
            irc_reply(client, RPL_WHOISCHANNELS, who->nick, rooms.data, NULL);
            str_reset(&rooms);
        }
        str_addf(&rooms, "%s%s%s", rooms.len > 0 ? " " : "",
                 rank_reaches(member->ranks, RANK_OPERATOR) ? "@" : "", member->room->name);
    }
    if (rooms.len > 0)
        irc_reply(client, RPL_WHOISCHANNELS, who->nick, rooms.data, NULL);
    str_release(&rooms);
}

/* Which certificate somebody showed is for himself to see. */
static void whois_secure(struct irc_client *client, const struct session *who)
{
    char text[128];
    if (who->flags & SESSION_SECURE)
        irc_reply(client, RPL_WHOISSECURE, who->nick, "is using a secure connection", NULL);
    if (who->id != client->session || !client->fingerprint)
        return;
    snprintf(text, sizeof text, "has client certificate fingerprint %s", client->fingerprint);
    irc_reply(client, RPL_WHOISCERTFP, who->nick, text, NULL);
}

static void whois_person(struct irc_client *client, const struct session *who)
{
    irc_reply(client, RPL_WHOISUSER, who->nick, who->user, who->host, "*", who->realname, NULL);
    whois_rooms(client, who);
    irc_reply(client, RPL_WHOISSERVER, who->nick, client->door->server_name, client->door->network,
              NULL);
    whois_secure(client, who);
    char idle[24];
    char since[24];
    snprintf(idle, sizeof idle, "%lld",
             (long long)((gate_now(client->gate) - who->spoke_ms) / 1000));
    snprintf(since, sizeof since, "%lld", (long long)(who->connected_ms / 1000));
    irc_reply(client, RPL_WHOISIDLE, who->nick, idle, since, "seconds idle, signon time", NULL);
}

/* With two parameters the first names a server; there is only this one. */
void irc_whois(struct irc_client *client, const struct irc_message *message)
{
    char *nicks = message->params[message->n_params > 1 ? 1 : 0];
    char *asked = xstrdup(nicks);
    const char *nick = irc_next_target(&nicks);
    for (size_t i = 0; nick && i < IRC_TARGETS; i++, nick = irc_next_target(&nicks)) {
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

void irc_userhost(struct irc_client *client, const struct irc_message *message)
{
    struct str list;
    str_init(&list, IRC_MAX_BODY_BYTES);
    for (size_t i = 0; i < message->n_params && i < IRC_TARGETS; i++) {
        const struct session *who = person(client, message->params[i]);
        if (who)
            str_addf(&list, "%s%s=+%s@%s", list.len > 0 ? " " : "", who->nick, who->user,
                     who->host);
    }
    irc_reply(client, RPL_USERHOST, list.data, NULL);
    str_release(&list);
}

/* Adds those of the words that are nicks of people who are here. */
static void add_present(struct irc_client *client, struct str *list, char *words)
{
    char *rest = NULL;
    for (char *nick = strtok_r(words, " ", &rest); nick; nick = strtok_r(NULL, " ", &rest)) {
        const struct session *who = person(client, nick);
        if (who && list->len + strlen(who->nick) < IRC_LIST_BYTES)
            str_addf(list, "%s%s", list->len > 0 ? " " : "", who->nick);
    }
}

void irc_ison(struct irc_client *client, const struct irc_message *message)
{
    struct str list;
    str_init(&list, IRC_MAX_BODY_BYTES);
    for (size_t i = 0; i < message->n_params; i++)
        add_present(client, &list, message->params[i]);
    irc_reply(client, RPL_ISON, list.data, NULL);
    str_release(&list);
}
