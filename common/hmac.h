/* HMAC-SHA-256 (RFC 2104): what nobody can compute who does not have the key. */
#ifndef SNUG_COMMON_HMAC_H
#define SNUG_COMMON_HMAC_H

#include <stddef.h>

enum { HMAC_BYTES = 32 };

/* A key made ready for many messages, which is most of the work for a short one. */
struct hmac;

/* Copies the key. To be ended with hmac_free(). */
struct hmac *hmac_new(const void *key, size_t key_len);

/* Does nothing for NULL. */
void hmac_free(struct hmac *hmac);

/* Writes the code of a message; one thread at a time. */
void hmac_code(struct hmac *hmac, const void *message, size_t len, unsigned char code[HMAC_BYTES]);

#endif
