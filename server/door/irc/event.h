/* What happened, as lines for those who see it.
 *
 * A class is the set of those capabilities that change an event's form, so that each
 * form is written once for however many see it. What is worded for each reader alone is
 * written to him when his class is asked for. */
#ifndef SNUG_SERVER_DOOR_IRC_EVENT_H
#define SNUG_SERVER_DOOR_IRC_EVENT_H

#include "server/door/irc/client.h"

/* Which form this client is shown. */
unsigned irc_event_class(struct irc_client *client, const struct event *event);

/* Appends the event in that form. */
void irc_event_format(const struct irc_door *door, unsigned class, const struct event *event,
                      struct str *out);

/* Writes the event to one client, as part of its answer or of the batch at hand. */
void irc_event_write(struct irc_client *client, const struct event *event);

/* Writes what the client did itself, if that is part of a labelled answer; else it is delivered to
 * it like to everybody else. */
void irc_event_own(struct irc_client *client, const struct event *event);

/* Shows a client what it said: as its echo, if it wants one, and as what it said to itself. */
void irc_event_echo(struct irc_client *client, const struct event *event);

/* How many bytes of text one line of this speech can carry to anybody. */
size_t irc_event_text_bytes(const struct event *event);

#endif
