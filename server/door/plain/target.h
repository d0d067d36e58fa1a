/* Where the lines of a plain client go: into a room, or to one person. */
#ifndef SNUG_SERVER_DOOR_PLAIN_TARGET_H
#define SNUG_SERVER_DOOR_PLAIN_TARGET_H

#include "server/door/plain/client.h"

/* Directs the lines at a nick, at a room that it is in, or ("") back at the room; says what came of
 * it. An unknown name changes nothing. */
void plain_target_set(struct plain_client *client, const char *name);

/* Directs them at a room without a word; it is a copy of the name that is kept. */
void plain_target_room(struct plain_client *client, const char *room);

/* The room is left: directs them at another one that it is in, the lobby first. */
void plain_target_room_left(struct plain_client *client, const char *room);

/* Somebody spoke to it: directs them there if it follows; says whether that changed anything. */
bool plain_target_follow(struct plain_client *client, const struct event *event);

/* The room or nick that a line goes to now, borrowed until the next step; NULL, and it says why, if
 * there is none. */
const char *plain_target(struct plain_client *client);

#endif
