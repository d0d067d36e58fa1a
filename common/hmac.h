/* HMAC-SHA-256 (RFC 2104): what nobody can compute who does not have the key. */
#ifndef SNUG_COMMON_HMAC_H
#define SNUG_COMMON_HMAC_H

#include <stddef.h>

enum { HMAC_BYTES = 32 };

/* Writes the code of a message under a key. */
void hmac_sha256(const void *key, size_t key_len, const void *message, size_t len,
                 unsigned char code[HMAC_BYTES]);

#endif
