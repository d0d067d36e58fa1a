/* The user's commands worded for the server: one row an intent. Pure. */
#ifndef SNUG_CLIENT_SESSION_COMMAND_H
#define SNUG_CLIENT_SESSION_COMMAND_H

#include <stdbool.h>

#include "client/model/intent.h"
#include "common/str.h"

/* Appends the line that the intent becomes. False: it is worded elsewhere. */
bool command_compose(const struct intent *intent, struct str *line);

/* Appends the tags that say which message is answered, with a ';' between them: the name of the
 * IRCv3 specification "reply", and the one that it had as a draft, which more clients know. */
void command_reply_tags(const char *msgid, struct str *out);

#endif
