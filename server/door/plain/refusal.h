/* The hub's refusals in plain words. */
#ifndef SNUG_SERVER_DOOR_PLAIN_REFUSAL_H
#define SNUG_SERVER_DOOR_PLAIN_REFUSAL_H

#include "server/door/plain/client.h"

/* Says why it was not done. */
void plain_refuse(struct plain_client *client, const struct note *note);

#endif
