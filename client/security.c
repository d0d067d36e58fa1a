#include "client/security.h"

#include <time.h>

#include "client/place.h"

/* Keeps key and certificate beside what is known of servers. */
static void keep_identity(struct security *security, struct str *warning)
{
    struct str path;
    bool made;
    str_init(&path, PLACE_MAX_BYTES);
    if (place_state(&path, warning)) {
        str_addf(&security->known_servers, "%s/known_servers", path.data);
        str_adds(&path, "/identity.pem");
        security->identity = identity_keep(path.data, security->name, time(NULL), &made, warning);
    }
    str_release(&path);
}

void security_init(struct security *security, const char *name, const char *fingerprint,
                   bool takes_new)
{
    *security = (struct security){.name = name};
    str_init(&security->known_servers, PLACE_MAX_BYTES);
    bool is_pinned = fingerprint && fingerprint_parse(fingerprint, security->pinned);
    security->trust = (struct trust){
        .pinned = is_pinned ? security->pinned : NULL,
        .takes_new = takes_new,
    };
}

bool security_prepare(struct security *security, struct str *warning, struct str *error)
{
    keep_identity(security, warning);
    if (security->known_servers.len > 0)
        security->trust.path = security->known_servers.data;
    security->tls = tls_context_new_client(security->identity, error);
    return security->tls != NULL;
}

void security_release(struct security *security)
{
    tls_context_free(security->tls);
    identity_free(security->identity);
    str_release(&security->known_servers);
}
