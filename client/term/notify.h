/*
 * The bytes that make a terminal tell its user something while he looks at another window.
 *
 * Pure. Sources: iTerm2's OSC 9, rxvt-unicode's OSC 777, kitty's "Desktop notifications" (OSC 99);
 * tmux(1), allow-passthrough. Terminals that know none of them ignore them.
 */
#ifndef SNUG_CLIENT_TERM_NOTIFY_H
#define SNUG_CLIENT_TERM_NOTIFY_H

#include <stdbool.h>

#include "common/str.h"

enum { NOTIFY_MAX_BYTES = 8192 };

enum notify_form { NOTIFY_FORM_NONE, NOTIFY_FORM_OSC9, NOTIFY_FORM_OSC777, NOTIFY_FORM_OSC99 };

/* Appends the notification; title and text are made harmless. `through_tmux`: wrapped so that tmux
 * hands it on to the terminal it runs in. */
void notify_add(struct str *out, enum notify_form form, bool through_tmux, const char *title,
                const char *text);

#endif
