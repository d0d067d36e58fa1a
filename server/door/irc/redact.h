/* What is said of redactions beside the command itself. */
#ifndef SNUG_SERVER_DOOR_IRC_REDACT_H
#define SNUG_SERVER_DOOR_IRC_REDACT_H

#include "server/door/irc/client.h"

/* Words the refusal of a redaction; false if the note is about another command. */
bool irc_redact_refused(struct irc_client *client, const struct note *note);

#endif
