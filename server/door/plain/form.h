/* Events in plain words, a line each: "[09:41] ada: hello", "ada left: connection reset (2 here)".
 * No byte in them acts on a terminal, and none can begin a line of its own. */
#ifndef SNUG_SERVER_DOOR_PLAIN_FORM_H
#define SNUG_SERVER_DOOR_PLAIN_FORM_H

#include "common/str.h"
#include "server/core/hub.h"

/* Whom an event is told. */
enum plain_class {
    PLAIN_OTHERS,
    PLAIN_OWN,      /* the one who did it */
    PLAIN_SENT_OUT, /* the one who is kicked */
    PLAIN_FOLLOWED, /* the one spoken to, whose lines go to the speaker from now on */
};

/* What the words depend on beside the event. */
struct plain_form {
    const struct hub *hub; /* for how many are in a room, once the event has happened */

    /* How far the clock on the wall is ahead of UTC at that moment, in seconds. */
    int (*ahead_s)(int64_t time_ms);
};

/* Appends the event for one class, lines ended by CR LF; nothing if that class is not told. */
void plain_format(const struct plain_form *form, enum plain_class class, const struct event *event,
                  struct str *out);

/* Appends speech; one that is private goes "(to ...)" the name given. */
void plain_format_speech(const struct plain_form *form, const struct event *event, const char *to,
                         struct str *out);

/* Appends speech from the log, marked as earlier, with the date unless it is that of now_ms. What was
 * taken back is not shown. */
void plain_format_earlier(const struct plain_form *form, const struct event *event, const char *to,
                          int64_t now_ms, struct str *out);

#endif
