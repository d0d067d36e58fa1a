/* What a plain client is told of events. */
#ifndef SNUG_SERVER_DOOR_PLAIN_EVENT_H
#define SNUG_SERVER_DOOR_PLAIN_EVENT_H

#include "server/door/plain/client.h"

/* Which form of the event this client gets; notes whom it follows. */
enum plain_class plain_event_class(struct plain_client *client, const struct event *event);

/* Its own line has been shown to the others: shows it to itself if it wants that. */
void plain_event_echo(struct plain_client *client, const struct event *event);

/* It is in a room now: says who else is, and what the room is about. */
void plain_event_arrived(struct plain_client *client, const char *room);

#endif
