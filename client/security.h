/* What the client has to say and to know about who is who: its own key and certificate, and which
 * servers it trusts. To read the key and to set TLS up takes as long as all else at the start, and
 * goes on in a thread of its own while the first frame is drawn. */
#ifndef SNUG_CLIENT_SECURITY_H
#define SNUG_CLIENT_SECURITY_H

#include <uv.h>

#include "client/disk/trust.h"
#include "common/str.h"
#include "common/tls.h"

enum { SECURITY_WORDS_MAX_BYTES = 4096 };

struct security {
    struct identity *identity; /* NULL: none could be kept */
    struct tls_context *tls;
    struct str known_servers; /* the path of the file */
    char pinned[FINGERPRINT_SIZE];
    struct trust trust;
    const char *name; /* in which the identity is made; borrowed */
    uv_thread_t thread;
    bool is_preparing;         /* the thread has all of the above until it is joined */
    struct str warning, error; /* what it has to say */
};

/* Begins to read the identity, which is made at the first start, and to set TLS up. `fingerprint` is that
 * of the only server to be trusted, or NULL; without one a server that is not known is trusted if
 * `takes_new`. `name` is borrowed. To be ended by security_release. */
void security_init(struct security *security, const char *name, const char *fingerprint,
                   bool takes_new);

/*
 * Waits until that is done. Where nothing can be kept, there is no identity, and `say` is told so, with
 * `ctx`, in words for people. False, and `error` set, if there can be no TLS. NULL is in clear text:
 * nothing is waited for.
 */
bool security_await(struct security *security, void (*say)(void *ctx, const char *warning),
                    void *ctx, struct str *error);

/* Gives the memory back; what goes on is waited for. */
void security_release(struct security *security);

#endif
