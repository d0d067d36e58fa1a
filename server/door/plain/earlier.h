/* What was said before: shown on arrival, and on /history. */
#ifndef SNUG_SERVER_DOOR_PLAIN_EARLIER_H
#define SNUG_SERVER_DOOR_PLAIN_EARLIER_H

#include "server/door/plain/client.h"

/* Asks for what was said in a room before it came, as much of it as the door is set to show. */
void plain_earlier_on_arrival(struct plain_client *client, const struct event *join);

/* Asks for the last lines of a room or of the conversation with a nick. */
void plain_earlier_last(struct plain_client *client, const char *target, size_t lines);

/* Shows what was asked for. */
void plain_earlier_page(struct plain_client *client, const struct door_page *page);

#endif
