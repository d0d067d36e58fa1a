/* A line as it was typed, made the text that was meant. */
#ifndef SNUG_SERVER_DOOR_PLAIN_TYPED_H
#define SNUG_SERVER_DOOR_PLAIN_TYPED_H

#include <stdbool.h>
#include <stddef.h>

#include "common/str.h"

/* Writes the text to `out`: backspaces (BS, DEL), ^W and ^U are carried out, a tab is a space, and what
 * is left of controls is made visible. False if it is no UTF-8, or too long for `out`. */
bool plain_typed(struct str *out, const char *line, size_t len);

/* Appends a text from elsewhere as it may stand in a line to a terminal: harmless, and without the
 * colours and styles that IRC clients put into theirs. */
void plain_shown(struct str *out, const char *text, size_t len);

#endif
