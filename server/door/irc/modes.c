/* MODE: what a room's and a person's modes are. Nobody can change them yet, and the answers say so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/core/modes.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"

static void room_modes(struct irc_client *client, const struct room *room)
{
    char modes[4] = "+";
    if ((room->flags & ROOM_MEMBERS_ONLY) != 0)
        strcat(modes, "n");
    if ((room->flags & ROOM_TOPIC_LOCKED) != 0)
        strcat(modes, "t");
    irc_reply(client, RPL_CHANNELMODEIS, room->name, modes, NULL);
    char created[24];
    snprintf(created, sizeof created, "%lld", (long long)(room->created_ms / 1000));
    irc_reply(client, RPL_CREATIONTIME, room->name, created, NULL);
}

/* Clients ask "MODE #room b" on joining: that is a question, with or without '+'. */
static bool asks_for_bans(const char *modes)
{
    return strcmp(modes + strspn(modes, "+"), "b") == 0;
}

static void change_room(struct irc_client *client, const struct room *room, const char *modes)
{
    const struct member *member = room_member(room, irc_client_session(client));
    if (!member || !rank_reaches(member->ranks, RANK_HALF)) {
        irc_reply(client, ERR_CHANOPRIVSNEEDED, room->name, "You're not channel operator", NULL);
        return;
    }
    const char *letters = modes + strspn(modes, "+-");
    char *letter = xmemdup0(letters, text_cluster_next(letters, strlen(letters), 0));
    irc_reply(client, ERR_UNKNOWNMODE, letter, "is no mode that can be changed here", NULL);
    free(letter);
}

static void mode_of_room(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0];
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    const char *modes = message->n_params > 1 ? message->params[1] : "";
    if (!room)
        irc_reply(client, ERR_NOSUCHCHANNEL, name, "No such channel", NULL);
    else if (*modes == '\0')
        room_modes(client, room);
    else if (asks_for_bans(modes) && message->n_params == 2)
        irc_reply(client, RPL_ENDOFBANLIST, room->name, "End of channel ban list", NULL);
    else
        change_room(client, room, modes);
}

static void mode_of_person(struct irc_client *client, const struct irc_message *message)
{
    const char *nick = message->params[0];
    const struct session *who = hub_find_nick(gate_hub(client->gate), nick);
    if (!who || !who->entered)
        irc_reply(client, ERR_NOSUCHNICK, nick, "No such nick", NULL);
    else if (who->id != client->session)
        irc_reply(client, ERR_USERSDONTMATCH, "Cannot see or change modes of other users", NULL);
    else if (message->n_params == 1)
        irc_reply(client, RPL_UMODEIS, "+", NULL);
    else
        irc_reply(client, ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag", NULL);
}

void irc_mode(struct irc_client *client, const struct irc_message *message)
{
    if (message->params[0][0] == '#')
        mode_of_room(client, message);
    else
        mode_of_person(client, message);
}
