/* Base64 (RFC 4648, section 4), strict: no blanks, no line ends, padding where it is due. */
#ifndef SNUG_COMMON_BASE64_H
#define SNUG_COMMON_BASE64_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Appends the bytes in Base64; false if the string would exceed its maximum. */
bool base64_encode(struct str *out, const void *bytes, size_t len);

/* Appends the bytes that the text encodes; false, and `out` as it was, if it is not Base64 or too long. */
bool base64_decode(struct str *out, const char *text, size_t len);

#endif
