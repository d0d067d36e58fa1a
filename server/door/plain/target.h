/* Where the lines of a plain client go: into a room, or to one person. */
#ifndef SNUG_SERVER_DOOR_PLAIN_TARGET_H
#define SNUG_SERVER_DOOR_PLAIN_TARGET_H

#include "server/door/plain/client.h"

/* Directs the lines at a nick, at a room that it is in, or ("") back at the room; says what came of
 * it. An unknown name changes nothing. */
void plain_target_set(struct plain_client *client, const char *name);

/* Directs them at the room of that log, without a word. */
void plain_target_log(struct plain_client *client, const char *log);

/* The room of that log was left: directs them at another one that it is in, the lobby first. */
void plain_target_left(struct plain_client *client, const char *log);

/* The room that lines go to when they go to nobody alone, or NULL: then it has never been in one, or
 * is not any more. */
const struct room *plain_target_room(const struct plain_client *client);

/* Somebody spoke to it: directs them there if it follows; says whether that changed anything. */
bool plain_target_follow(struct plain_client *client, const struct event *event);

/* The room or nick that a line goes to now, borrowed until the next step; NULL, and it says why, if
 * there is none. */
const char *plain_target(struct plain_client *client);

#endif
