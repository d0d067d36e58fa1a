/* Texts as JSON (RFC 8259). */
#ifndef SNUG_COMMON_JSON_H
#define SNUG_COMMON_JSON_H

#include "common/str.h"

/* Appends a text in quotes. What could act on a terminal is escaped, so that nothing is lost and nobody
 * who looks at it is harmed; bytes that are not UTF-8 become U+FFFD: JSON has no place for them. */
void json_string(struct str *out, const char *text);

#endif
