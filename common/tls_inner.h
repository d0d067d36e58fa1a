/* What the files of tls.h share; not for others. */
#ifndef SNUG_COMMON_TLS_INNER_H
#define SNUG_COMMON_TLS_INNER_H

#include <stdbool.h>

#include <openssl/ssl.h>

struct tls_context {
    SSL_CTX *ssl;
    BIO_METHOD *wire;
    bool is_server;
};

/* OpenSSL's view of the strings of a connection. */
BIO_METHOD *tls_wire_new(void);

#endif
