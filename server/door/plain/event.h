/* What happened, in plain lines for those who see it. */
#ifndef SNUG_SERVER_DOOR_PLAIN_EVENT_H
#define SNUG_SERVER_DOOR_PLAIN_EVENT_H

#include "server/door/plain/client.h"

/* Which form of the event this client gets; notes whom it follows. */
unsigned plain_event_class(struct plain_client *client, const struct event *event);

/* Writes the event in the form of one class; nothing if the class is not told. */
void plain_event_format(const struct plain_door *door, unsigned class, const struct event *event,
                        struct str *out);

/* Its own line has been shown to the others: shows it to itself if it wants that. */
void plain_event_echo(struct plain_client *client, const struct event *event);

/* It is in a room now: says who else is, and what the room is about. */
void plain_event_arrived(struct plain_client *client, const char *room);

#endif
