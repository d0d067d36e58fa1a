/* The bytes that make a terminal keep a text in its clipboard. Source: xterm's ctlseqs, OSC 52. */
#ifndef SNUG_CLIENT_TERM_CLIPBOARD_H
#define SNUG_CLIENT_TERM_CLIPBOARD_H

#include "common/str.h"

enum { CLIPBOARD_MAX_BYTES = 100000 }; /* of the sequence: what terminals take at least */

/* Appends the sequence. False, and nothing is appended: the text is too long. */
bool clipboard_add(struct str *out, const char *text, size_t len);

#endif
