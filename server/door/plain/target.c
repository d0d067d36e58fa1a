#include "server/door/plain/target.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static void forget_peer(struct plain_client *client)
{
    free(client->peer_nick);
    client->peer_nick = NULL;
    client->peer = SESSION_NONE;
}

static void set_peer(struct plain_client *client, uint64_t session, const char *nick)
{
    forget_peer(client);
    client->peer = session;
    client->peer_nick = xstrdup(nick);
}

void plain_target_log(struct plain_client *client, const char *log)
{
    char *copy = log ? xstrdup(log) : NULL;
    forget_peer(client);
    free(client->log);
    client->log = copy;
}

/* By its log, since a room may be given another name; as decided, so that whoever has been sent out
 * says nothing to anybody by mistake. */
const struct room *plain_target_room(const struct plain_client *client)
{
    const struct session *session = plain_session(client);
    const struct member *member = session && client->log ? session->members : NULL;
    while (member && !(member->in && strcmp(member->room->log, client->log) == 0))
        member = member->next_of_session;
    return member ? member->room : NULL;
}

/* A room that it is in, as decided: the lobby if it is in there. */
static const struct room *some_room(const struct plain_client *client)
{
    const struct session *session = plain_session(client);
    const char *lobby = hub_limits(gate_hub(client->gate))->lobby;
    const struct room *found = NULL;
    const struct member *member = session ? session->members : NULL;
    for (; member; member = member->next_of_session) {
        if (!member->in)
            continue;
        if (lobby && strcmp(member->room->name, lobby) == 0)
            return member->room;
        if (!found)
            found = member->room;
    }
    return found;
}

void plain_target_left(struct plain_client *client, const char *log)
{
    if (!client->log || strcmp(client->log, log) != 0)
        return;
    const struct room *other = some_room(client);
    free(client->log);
    client->log = other ? xstrdup(other->log) : NULL;
    if (other && client->peer == SESSION_NONE)
        plain_say(client, "Your lines go to %s.", other->name);
}

/* What the lines go to, in words. */
static const char *now(const struct plain_client *client)
{
    const struct room *room = plain_target_room(client);
    if (client->peer != SESSION_NONE)
        return client->peer_nick;
    return room ? room->name : "nobody";
}

static bool to_room(struct plain_client *client, const char *name)
{
    const struct room *room = hub_find_room(gate_hub(client->gate), name);
    const struct session *session = plain_session(client);
    const struct member *member = room && session ? room_member(room, session) : NULL;
    if (!member || !member->in)
        return false;
    plain_target_log(client, room->log);
    return true;
}

static bool to_person(struct plain_client *client, const char *nick)
{
    const struct session *peer = hub_find_nick(gate_hub(client->gate), nick);
    if (!peer || !peer->entered)
        return false;
    set_peer(client, session_id(peer), peer->nick);
    return true;
}

void plain_target_set(struct plain_client *client, const char *name)
{
    if (*name == '\0')
        forget_peer(client);
    else if (*name == '#' && !to_room(client, name))
        plain_say(client, "You are not in %s. Your lines still go to %s.", name, now(client));
    else if (*name != '#' && !to_person(client, name))
        plain_say(client, "Nobody called %s is here. Your lines still go to %s.", name,
                  now(client));
    else
        name = "";
    if (*name == '\0')
        plain_say(client, "Your lines go to %s.", now(client));
}

bool plain_target_follow(struct plain_client *client, const struct event *event)
{
    const struct session *speaker = hub_person(gate_hub(client->gate), event->session);
    if (!client->follow || event->peer != client->session || !speaker ||
        session_id(speaker) == client->peer || session_id(speaker) == client->session)
        return false;
    set_peer(client, session_id(speaker), event->who.nick);
    return true;
}

/* The session, and not the nick, is who was meant: the nick may be somebody else's by now. */
const char *plain_target(struct plain_client *client)
{
    const struct room *room = plain_target_room(client);
    if (client->peer != SESSION_NONE) {
        const struct session *peer = hub_person(gate_hub(client->gate), client->peer);
        if (peer)
            return peer->nick;
        plain_say(client, "Not said: %s has left. `to:` goes back to %s.", client->peer_nick,
                  room ? room->name : "a room");
        return NULL;
    }
    if (!room && client->log)
        plain_say(client, "Not said: you are not in that room any more. to:#room goes to another, "
                          "/join #room enters one.");
    else if (!room)
        plain_say(client, "Not said: you are in no room. /join #room enters one.");
    return room ? room->name : NULL;
}
