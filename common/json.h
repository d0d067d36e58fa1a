/* Texts as JSON (RFC 8259). */
#ifndef SNUG_COMMON_JSON_H
#define SNUG_COMMON_JSON_H

#include "common/str.h"

/* Appends a text in quotes. Bytes that are not UTF-8 become U+FFFD: JSON has no place for them. */
void json_string(struct str *out, const char *text);

#endif
