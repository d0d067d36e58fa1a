#include "client/security.h"

#include <time.h>

#include "client/place.h"

/* Keeps key and certificate beside what is known of servers. */
static void keep_identity(struct security *security, const char *name, struct str *warning)
{
    struct str path;
    bool made;
    str_init(&path, PLACE_MAX_BYTES);
    if (place_state(&path, warning)) {
        str_addf(&security->known_servers, "%s/known_servers", path.data);
        str_adds(&path, "/identity.pem");
        security->identity = identity_keep(path.data, name, time(NULL), &made, warning);
    }
    str_release(&path);
}

bool security_init(struct security *security, const char *name, const char *fingerprint,
                   struct str *warning, struct str *error)
{
    *security = (struct security){0};
    str_init(&security->known_servers, PLACE_MAX_BYTES);
    keep_identity(security, name, warning);
    bool is_pinned = fingerprint && fingerprint_parse(fingerprint, security->pinned);
    security->trust = (struct trust){
        .path = security->known_servers.len > 0 ? security->known_servers.data : NULL,
        .pinned = is_pinned ? security->pinned : NULL,
    };
    security->tls = tls_context_new_client(security->identity, error);
    return security->tls != NULL;
}

void security_release(struct security *security)
{
    tls_context_free(security->tls);
    identity_free(security->identity);
    str_release(&security->known_servers);
}
