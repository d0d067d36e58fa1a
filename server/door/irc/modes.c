/* MODE: how a room is run, and what somebody says of himself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/core/modes.h"
#include "server/door/irc/bans.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/usermodes.h"

static void room_modes(struct irc_client *client, const struct room *room)
{
    const struct member *member = room_member(room, irc_client_session(client));
    struct str modes;
    str_init(&modes, IRC_MAX_BODY_BYTES);
    modes_write(&modes, room, member && member->in);
    irc_reply_list(client, RPL_CHANNELMODEIS, room->name, modes.data);
    str_release(&modes);
    char created[24];
    snprintf(created, sizeof created, "%lld", (long long)(room->created_ms / 1000));
    irc_reply(client, RPL_CREATIONTIME, room->name, created, NULL);
}

/* The numerics of each list. */
static const struct {
    enum irc_numeric item;
    enum irc_numeric end;
    const char *text;
} lists[ROOM_LISTS] = {
    [LIST_BANS] = {RPL_BANLIST, RPL_ENDOFBANLIST, "End of channel ban list"},
    [LIST_EXCEPTIONS] = {RPL_EXCEPTLIST, RPL_ENDOFEXCEPTLIST, "End of channel exception list"},
    [LIST_INVITATIONS] = {RPL_INVEXLIST, RPL_ENDOFINVEXLIST, "End of channel invite list"},
};

/* Lists of a room that hides its members are for them alone. */
static void show_list(struct irc_client *client, const struct room *room, unsigned list)
{
    const struct masks *masks = &room->lists[list];
    bool seen = hub_sees_members(irc_client_session(client), room);
    for (size_t i = 0; seen && i < masks->count; i++) {
        const struct mask *mask = &masks->items[i];
        char time[24];
        snprintf(time, sizeof time, "%lld", (long long)(mask->time_ms / 1000));
        irc_reply(client, lists[list].item, room->name, mask->text, mask->by, time, NULL);
    }
    irc_reply(client, lists[list].end, room->name, lists[list].text, NULL);
}

/* A mode that is asked for, not changed: a list without a mask. */
static bool is_question(const struct mode *mode, const char *argument)
{
    return mode && mode->kind == MODE_LIST && !argument;
}

static bool wants_argument(const struct mode *mode, bool add)
{
    return mode && mode->kind != MODE_FLAG && (add || mode->kind != MODE_LIMIT);
}

/* Names a letter that is no ASCII as a whole; returns how many bytes it has. */
static size_t refuse_foreign(struct irc_client *client, const char *letter)
{
    size_t len = text_cluster_next(letter, strlen(letter), 0);
    char *named = xmemdup0(letter, len);
    irc_reply(client, ERR_UNKNOWNMODE, named, "is not a mode known here", NULL);
    free(named);
    return len;
}

/* A mask that is an address may have lost its first colon; `whole` keeps it then. */
static const char *read_mask(struct str *whole, char *argument)
{
    const char *behind = irc_ban_address(whole, argument);
    if (behind && *behind)
        str_reset(whole);
    return whole->len > 0 ? whole->data : argument;
}

static const char *take_argument(const struct irc_message *message, size_t at,
                                 const struct mode *mode, struct str *last)
{
    bool last_mask = mode->kind == MODE_LIST && at + 1 == message->n_params;
    return last_mask ? read_mask(last, message->params[at]) : message->params[at];
}

/* Letters and arguments as changes for the hub; questions are answered, each once. */
static size_t read_changes(struct irc_client *client, const struct irc_message *message,
                           const struct room *room, struct str *last, struct mode_change *changes)
{
    size_t count = 0;
    size_t next = 2;
    unsigned shown = 0;
    bool add = true;
    for (const char *letter = message->params[1]; *letter; letter++) {
        if (*letter == '+' || *letter == '-') {
            add = *letter == '+';
            continue;
        }
        if ((unsigned char)*letter >= 0x80) {
            letter += refuse_foreign(client, letter) - 1;
            continue;
        }
        const struct mode *mode = modes_find(*letter);
        const char *argument = NULL;
        if (wants_argument(mode, add) && next < message->n_params)
            argument = take_argument(message, next++, mode, last);
        /* Whatever stands in a list can be taken out of it. */
        bool listed = argument && mode->kind == MODE_LIST && add;
        if (listed && !irc_ban_takes(client, room->name, *letter, argument))
            continue;
        if (!is_question(mode, argument)) {
            changes[count++] =
                (struct mode_change){.letter = *letter, .add = add, .argument = argument};
        } else if (!(shown >> mode->bit & 1)) {
            show_list(client, room, mode->bit);
            shown |= 1u << mode->bit;
        }
    }
    return count;
}

static void change_room(struct irc_client *client, const struct irc_message *message,
                        const struct room *room)
{
    struct mode_change *changes = xcalloc(strlen(message->params[1]), sizeof *changes);
    struct str last;
    str_init(&last, IRC_MAX_BODY_BYTES);
    size_t count = read_changes(client, message, room, &last, changes);
    const struct command command = {
        .type = COMMAND_MODE,
        .session = client->session,
        .target = message->params[0],
        .changes = changes,
        .change_count = count,
    };
    if (count > 0)
        gate_step(client->gate, &command);
    str_release(&last);
    free(changes);
}

static void mode_of_room(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0];
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    if (!room || !hub_sees_room(irc_client_session(client), room))
        irc_reply(client, ERR_NOSUCHCHANNEL, name, "No such channel", NULL);
    else if (message->n_params == 1 || *message->params[1] == '\0')
        room_modes(client, room);
    else
        change_room(client, message, room);
}

/* Reads "+iB-w" into flags to set and to clear; says which letters are unknown. */
static void read_flags(struct irc_client *client, const char *letters, unsigned *set,
                       unsigned *clear)
{
    bool add = true;
    bool unknown = false;
    for (; *letters; letters++) {
        unsigned flag = irc_usermode_flag(*letters);
        if (*letters == '+' || *letters == '-') {
            add = *letters == '+';
        } else if (flag == 0) {
            unknown = true;
        } else {
            *set = add ? *set | flag : *set & ~flag;
            *clear = add ? *clear & ~flag : *clear | flag;
        }
    }
    if (unknown)
        irc_reply(client, ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag", NULL);
}

static void change_self(struct irc_client *client, const char *letters)
{
    struct command command = {.type = COMMAND_FLAGS, .session = client->session};
    read_flags(client, letters, &command.set, &command.clear);
    unsigned before = irc_client_session(client)->flags;
    gate_step(client->gate, &command);
    irc_usermode_tell(client, before);
}

static void mode_of_person(struct irc_client *client, const struct irc_message *message)
{
    const char *nick = message->params[0];
    const struct session *who = hub_find_nick(gate_hub(client->gate), nick);
    if (!who || !who->entered) {
        irc_reply(client, ERR_NOSUCHNICK, nick, "No such nick", NULL);
    } else if (!irc_client_is(client, session_id(who))) {
        irc_reply(client, ERR_USERSDONTMATCH, "Cannot see or change modes of other users", NULL);
    } else if (message->n_params == 1) {
        char modes[IRC_USERMODES_BYTES];
        irc_usermode_write(modes, who->flags);
        irc_reply_list(client, RPL_UMODEIS, NULL, modes);
    } else {
        change_self(client, message->params[1]);
    }
}

void irc_mode(struct irc_client *client, const struct irc_message *message)
{
    if (message->params[0][0] == '#')
        mode_of_room(client, message);
    else
        mode_of_person(client, message);
}
