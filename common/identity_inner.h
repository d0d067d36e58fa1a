/* What identity.c shares with tls.c and tls_context.c; nobody else includes it. */
#ifndef SNUG_COMMON_IDENTITY_INNER_H
#define SNUG_COMMON_IDENTITY_INNER_H

#include <openssl/ssl.h>

#include "common/identity.h"
#include "common/str.h"

struct identity {
    EVP_PKEY *key;
    X509 *cert;
    STACK_OF(X509) * chain; /* the authorities above it, as far as the file names them */
};

/* From when to when it is valid, in seconds since 1970: 0 for what cannot be read, 1 for what is before
 * 1970. */
void validity_of(const X509 *cert, int64_t *from_s, int64_t *until_s);

/* Writes the SHA-256 of the certificate. */
void fingerprint_of(const X509 *cert, char digits[FINGERPRINT_SIZE]);

#endif
