/* How a connection of the plain door becomes somebody. */
#ifndef SNUG_SERVER_DOOR_PLAIN_NAMING_H
#define SNUG_SERVER_DOOR_PLAIN_NAMING_H

#include "server/door/plain/client.h"

/* Asks for a name, or gives one where nobody is asked. */
void plain_naming_begin(struct plain_client *client);

/* Takes the answer: a name, "NAME: name", or nothing for a guest's name. */
void plain_naming_line(struct plain_client *client, char *text);

/* The hub took the name, or refused it. */
void plain_naming_taken(struct plain_client *client);
void plain_naming_refused(struct plain_client *client, enum refusal refusal);

/* Ends a connection that gives no name in time. */
void plain_naming_tick(struct plain_client *client, int64_t now_ms);

#endif
