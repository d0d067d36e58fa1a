/* Events worded as lines, in each of the forms that a client's capabilities ask for. */
#ifndef SNUG_SERVER_DOOR_IRC_FORM_H
#define SNUG_SERVER_DOOR_IRC_FORM_H

#include "server/door/irc/client.h"

/* The forms; a class is a sum of them. */
enum irc_form {
    FORM_TIME = 1u << 0,
    FORM_TAGS = 1u << 1,
    FORM_ACCOUNT = 1u << 2,
    FORM_RICH = 1u << 3,   /* as the event's own capability has it: extended-join, multiline, ... */
    FORM_HIDDEN = 1u << 4, /* not shown at all */
    FORM_ALL = (1u << 5) - 1,
};

/* The form of an event for a client with these capabilities; FORM_HIDDEN for what they do not show. */
unsigned irc_form_of(unsigned caps, const struct event *event);

/* Those to whom speech is always shown in the same form, by their capabilities: below
 * DOOR_GROUPS_MAX. */
unsigned irc_form_group(unsigned caps);

/* The form of what is said for such a group. */
unsigned irc_form_of_group(unsigned group, const struct event *event);

/* Appends the event in that form; the door's name is the source of what is nobody's doing. */
void irc_form_write(const struct irc_door *door, unsigned form, const struct event *event,
                    struct str *out);

/* Whether that is a batch of its own. */
bool irc_form_is_batch(unsigned form, const struct event *event);

/* How many bytes of text one line of this speech can carry to anybody. */
size_t irc_form_text_bytes(const struct event *event);

#endif
