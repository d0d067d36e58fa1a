/*
 * Whether a server is the one it was at the first visit.
 *
 * A file remembers, for each HOST:PORT, the fingerprint of its certificate, or that the system's
 * authorities vouched for it. A server that nobody vouches for is taken at its first visit, if that
 * is wanted, and from then on must show the same certificate. Knows no connection.
 */
#ifndef SNUG_CLIENT_DISK_TRUST_H
#define SNUG_CLIENT_DISK_TRUST_H

#include <stdbool.h>

#include "common/identity.h"

struct str;

struct trust {
    const char *path; /* of the file; NULL: nothing is remembered */
    /* the only fingerprint to be taken, as fingerprint_parse wrote it; or NULL */
    const char *pinned;
    bool takes_new; /* a server that was never visited is taken */
};

/* What a server shows. */
struct trust_shown {
    const char *host, *port;
    const char *fingerprint;
    bool is_vouched_for; /* by an authority of the system, for this host */
};

enum trust_answer {
    TRUST_KNOWN,
    TRUST_NEW,     /* taken, and remembered if that could be done: `said` tells the user */
    TRUST_REFUSED, /* `said` tells what happened and what to do */
};

/*
 * Decides, and remembers what is to be remembered. A fingerprint that is pinned takes the place of
 * what was remembered. `said` is empty and takes at least TRUST_SAID_BYTES. Waits up to two seconds for
 * another program that is remembering something just now.
 */
enum trust_answer trust_decide(const struct trust *trust, const struct trust_shown *shown,
                               struct str *said);

enum { TRUST_SAID_BYTES = 2048 };

#endif
