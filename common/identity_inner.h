/* What identity.c and tls.c share; nobody else includes it. */
#ifndef SNUG_COMMON_IDENTITY_INNER_H
#define SNUG_COMMON_IDENTITY_INNER_H

#include <openssl/ssl.h>

#include "common/identity.h"
#include "common/str.h"

struct identity {
    EVP_PKEY *key;
    X509 *cert;
    STACK_OF(X509) *chain; /* the authorities above it, as far as the file names them */
};

/* Writes the SHA-256 of the certificate. */
void fingerprint_of(const X509 *cert, char digits[FINGERPRINT_SIZE]);

#endif
