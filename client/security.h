/* What the client has to say and to know about who is who: its own key and certificate, and which
 * servers it trusts. */
#ifndef SNUG_CLIENT_SECURITY_H
#define SNUG_CLIENT_SECURITY_H

#include "client/trust.h"
#include "common/str.h"
#include "common/tls.h"

struct security {
    struct identity *identity; /* NULL: none could be kept */
    struct tls_context *tls;
    struct str known_servers; /* the path of the file */
    char pinned[FINGERPRINT_SIZE];
    struct trust trust;
};

/*
 * Reads the identity, which is made at the first start. Where nothing can be kept, `warning` says so,
 * and there is no identity. `fingerprint` is that of the only server to be trusted, or NULL. False,
 * and `error` set, if there can be no TLS.
 */
bool security_init(struct security *security, const char *name, const char *fingerprint,
                   struct str *warning, struct str *error);
void security_release(struct security *security);

#endif
