/* Rooms: JOIN, PART, TOPIC, NAMES. */
#include "server/door/irc/rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"
#include "server/door/irc/caps.h"
#include "server/door/irc/flood.h"
#include "server/door/irc/handlers.h"
#include "server/door/irc/ranks.h"
#include "server/door/irc/marker.h"
#include "server/door/irc/metadata.h"
#include "server/door/irc/reply.h"
#include "server/door/irc/targets.h"

static void part(struct irc_client *client, const char *room, const char *reason)
{
    const struct command command = {
        .type = COMMAND_PART,
        .session = client->session,
        .target = room,
        .text = reason,
    };
    gate_step(client->gate, &command);
}

/* The first room that the session is in, as decided, or NULL. */
static const struct room *any_room(const struct irc_client *client)
{
    const struct session *session = irc_client_session(client);
    const struct member *member = session ? session->members : NULL;
    while (member && !member->in)
        member = member->next_of_session;
    return member ? member->room : NULL;
}

/* JOIN 0 (RFC 2812, 3.2.1). */
static void part_all(struct irc_client *client)
{
    for (const struct room *room; (room = any_room(client));) {
        char *name = xstrdup(room->name);
        part(client, name, NULL);
        bool stuck = any_room(client) && strcmp(any_room(client)->name, name) == 0;
        free(name);
        if (stuck)
            return; /* it was refused, and would be again */
    }
}

/* Where a room has another name now. Who knows of renaming is told that by the hub's refusal; others are led
 * there (IRCv3 draft/channel-rename, "Fallback"). */
static const char *follow(struct irc_client *client, const char *room)
{
    const char *now = irc_has(client, CAP_CHANNEL_RENAME)
                          ? NULL
                          : hub_forwarded(gate_hub(client->gate), irc_client_session(client), room);
    if (!now)
        return room;
    irc_reply(client, ERR_LINKCHANNEL, room, now, "The channel has been renamed", NULL);
    return now;
}

void irc_join(struct irc_client *client, const struct irc_message *message)
{
    char *rooms = message->params[0];
    char none[] = "";
    char *keys = message->n_params > 1 ? message->params[1] : none;
    if (strcmp(rooms, "0") == 0) {
        part_all(client);
        return;
    }
    for (const char *room; (room = irc_next_place(&rooms));) {
        const char *key = irc_next_place(&keys);
        if (*room == '\0')
            continue;
        const struct command command = {
            .type = COMMAND_JOIN,
            .session = client->session,
            .target = follow(client, room),
            .key = key && *key ? key : NULL,
        };
        gate_step(client->gate, &command);
        irc_flood_note(client, IRC_FLOOD_JOIN);
    }
}

void irc_part(struct irc_client *client, const struct irc_message *message)
{
    char *rooms = message->params[0];
    char *reason = message->n_params > 1 ? message->params[1] : NULL;
    if (reason)
        reason[text_cut_bytes(reason, strlen(reason), IRC_REASON_BYTES)] = '\0';
    if (reason && *reason == '\0')
        reason = NULL;
    for (const char *room; (room = irc_next_target(&rooms));)
        part(client, room, reason);
}

/* RPL_TOPIC and who set it, or RPL_NOTOPIC. */
static void tell_topic(struct irc_client *client, const struct room *room)
{
    if (!room->visible.text) {
        irc_reply(client, RPL_NOTOPIC, room->name, "No topic is set", NULL);
        return;
    }
    irc_reply(client, RPL_TOPIC, room->name, room->visible.text, NULL);
    char time[24];
    snprintf(time, sizeof time, "%lld", (long long)(room->visible.time_ms / 1000));
    irc_reply(client, RPL_TOPICWHOTIME, room->name, room->visible.by, time, NULL);
}

static void no_such_room(struct irc_client *client, const char *name)
{
    irc_reply(client, ERR_NOSUCHCHANNEL, name, "No such channel", NULL);
}

void irc_topic(struct irc_client *client, const struct irc_message *message)
{
    const char *name = message->params[0];
    if (message->n_params > 1) {
        const struct command command = {
            .type = COMMAND_TOPIC,
            .session = client->session,
            .target = name,
            .text = message->params[1],
        };
        gate_step(client->gate, &command);
        return;
    }
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    if (room && hub_sees_room(irc_client_session(client), room))
        tell_topic(client, room);
    else
        no_such_room(client, name);
}

/* Writes one name of the list, as the capabilities of its reader have it, if it fits into so many bytes;
 * returns its length, or 0. A full room that fills is the square of its members in names: nearly all
 * of them are just a nick. */
static size_t write_name(const struct irc_client *client, const struct member *member, char *at,
                         size_t max_bytes)
{
    const struct session *session = member->session;
    size_t nick_len = strlen(session->nick);
    size_t len = nick_len;
    if (member->ranks != 0 || irc_has(client, CAP_USERHOST_IN_NAMES)) {
        char symbols[IRC_RANK_SYMBOLS_BYTES];
        bool whole = irc_has(client, CAP_USERHOST_IN_NAMES);
        irc_rank_write(symbols, member->ranks, irc_has(client, CAP_MULTI_PREFIX));
        len = (size_t)snprintf(at, max_bytes + 1, "%s%s%s%s%s%s", symbols, session->nick,
                               whole ? "!" : "", whole ? session->user : "", whole ? "@" : "",
                               whole ? session->host : "");
    } else if (nick_len <= max_bytes) {
        memcpy(at, session->nick, nick_len);
    }
    return len <= max_bytes ? len : 0;
}

static const char *kind_of(const struct room *room)
{
    return room->flags & ROOM_SECRET ? "@" : room->flags & ROOM_PRIVATE ? "*" : "=";
}

static void send_names(struct irc_client *client, const struct room *room, char *names, size_t len)
{
    names[len] = '\0';
    if (len > 0)
        irc_reply(client, RPL_NAMREPLY, kind_of(room), room->name, names, NULL);
}

/* Those who are shown are those of the roster: whose join this client was shown, or would have
 * been. */
static void list_names(struct irc_client *client, const struct room *room)
{
    const struct session *viewer = irc_client_session(client);
    const struct member *member = room_member(room, viewer);
    bool all = member && member->seat != SEAT_NONE;
    size_t count = all || hub_sees_members(viewer, room) ? room->seated_count : 0;
    struct hub_view view = {0};
    if (!all)
        hub_view_init(&view, viewer);
    char names[IRC_MAX_BODY_BYTES + 1];
    size_t len = 0;
    for (size_t i = 0; i < count; i++) {
        const struct member *shown = room->seats[i];
        if (!all && !hub_view_sees(&view, shown->session))
            continue;
        size_t added = 0;
        if (len > 0 && len < IRC_LIST_BYTES)
            added = write_name(client, shown, names + len + 1, IRC_LIST_BYTES - len - 1);
        if (added > 0) {
            names[len] = ' ';
            len += 1 + added;
            continue;
        }
        send_names(client, room, names, len);
        len = write_name(client, shown, names, IRC_MAX_BODY_BYTES);
    }
    hub_view_release(&view);
    send_names(client, room, names, len);
}

static void end_names(struct irc_client *client, const char *asked)
{
    irc_reply(client, RPL_ENDOFNAMES, asked, "End of NAMES list", NULL);
}

/* RPL_NAMREPLY for all in the room, and RPL_ENDOFNAMES. */
static void tell_names(struct irc_client *client, const struct room *room)
{
    list_names(client, room);
    end_names(client, room->name);
}

void irc_rooms_entered(struct irc_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    if (!room)
        return;
    if (room->visible.text)
        tell_topic(client, room);
    if (irc_has(client, CAP_READ_MARKER))
        irc_marker_send(client, room->name);
    if (!irc_has(client, CAP_NO_IMPLICIT_NAMES))
        tell_names(client, room);
    irc_metadata_channel(client, room, false);
}

/* A room that the client may know of, or NULL. */
static const struct room *seen_room(const struct irc_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    return room && hub_sees_room(irc_client_session(client), room) ? room : NULL;
}

static void names_of_several(struct irc_client *client, char *rooms)
{
    char *asked = xstrdup(rooms);
    const char *name = irc_next_target(&rooms);
    for (size_t i = 0; name && i < client->door->targets; i++, name = irc_next_target(&rooms)) {
        const struct room *room = seen_room(client, name);
        if (room)
            list_names(client, room);
    }
    if (name)
        irc_reply(client, ERR_TOOMANYTARGETS, name, "Too many targets", NULL);
    end_names(client, asked);
    free(asked);
}

void irc_names(struct irc_client *client, const struct irc_message *message)
{
    char none[] = "*";
    char *rooms = message->n_params > 0 && *message->params[0] ? message->params[0] : none;
    const struct room *room = seen_room(client, rooms);
    if (strchr(rooms, ','))
        names_of_several(client, rooms);
    else if (room)
        tell_names(client, room);
    else
        end_names(client, rooms);
}
