/* Who is in a room, and under which name it goes: KICK, INVITE, KNOCK, RENAME. */
#include <string.h>

#include "common/text.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

/* The text at that place, cut so that it fits behind any source; NULL where there is none. */
static const char *reason_of(const struct irc_message *message, size_t at)
{
    if (message->n_params <= at || *message->params[at] == '\0')
        return NULL;
    char *reason = message->params[at];
    reason[text_cut_bytes(reason, strlen(reason), IRC_REASON_BYTES)] = '\0';
    return reason;
}

/* One room and several people, or as many rooms as people, place by place (RFC 2812, 3.2.8). */
void irc_kick(struct irc_client *client, const struct irc_message *message)
{
    const char *reason = reason_of(message, 2);
    char *rooms = message->params[0];
    char *nicks = message->params[1];
    const char *room = "";
    size_t targets = 0;
    if (irc_no_target(nicks))
        irc_reply(client, ERR_NEEDMOREPARAMS, "KICK", "Not enough parameters", NULL);
    for (const char *nick; (nick = irc_next_place(&nicks));) {
        const char *next_room = irc_next_place(&rooms);
        room = next_room ? next_room : room;
        if (*nick == '\0')
            continue;
        if (targets++ == client->door->targets) {
            irc_reply(client, ERR_TOOMANYTARGETS, nick, "Too many targets", NULL);
            return;
        }
        const struct command command = {
            .type = COMMAND_KICK,
            .session = client->session,
            .target = room,
            .object = nick,
            .text = reason,
        };
        gate_step(client->gate, &command);
    }
}

static void list_invitations(struct irc_client *client)
{
    const struct hub *hub = gate_hub(client->gate);
    const struct session *session = irc_client_session(client);
    struct table_walk walk = {0};
    for (const struct room *room; (room = hub_next_invitation(hub, session, &walk));)
        irc_reply(client, RPL_INVITELIST, room->name, NULL);
    irc_reply(client, RPL_ENDOFINVITELIST, "End of INVITE list", NULL);
}

void irc_invite(struct irc_client *client, const struct irc_message *message)
{
    if (message->n_params == 0) {
        list_invitations(client);
        return;
    }
    if (message->n_params == 1) {
        irc_reply(client, ERR_NEEDMOREPARAMS, "INVITE", "Not enough parameters", NULL);
        return;
    }
    const struct command command = {
        .type = COMMAND_INVITE,
        .session = client->session,
        .target = message->params[1],
        .object = message->params[0],
    };
    gate_step(client->gate, &command);
}

void irc_knock(struct irc_client *client, const struct irc_message *message)
{
    const struct command command = {
        .type = COMMAND_KNOCK,
        .session = client->session,
        .target = message->params[0],
    };
    gate_step(client->gate, &command);
}

void irc_rename(struct irc_client *client, const struct irc_message *message)
{
    const struct command command = {
        .type = COMMAND_RENAME,
        .session = client->session,
        .target = message->params[0],
        .object = message->params[1],
        .text = reason_of(message, 2),
    };
    gate_step(client->gate, &command);
}
