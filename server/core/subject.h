/* Somebody as masks see him: under the host that others see, and under his address.
 *
 * A mask is "nick!user@host" with '*' and '?', where the host may be a network ("10.0.0.0/8") or an
 * address, or "~a:account". Masks are folded already (name_key()). */
#ifndef SNUG_SERVER_CORE_SUBJECT_H
#define SNUG_SERVER_CORE_SUBJECT_H

#include <stdbool.h>

#include "common/cidr.h"

struct session;

struct subject {
    char *shown;   /* folded nick!user@host */
    char *real;    /* the same with the address; NULL: that is the host */
    char *account; /* folded; NULL: none */
    bool has_address;
    struct cidr address;
};

/* How masks see that session, with copies of its names. To be ended by subject_release. */
void subject_init(struct subject *subject, const struct session *session);

/* Frees the copies. */
void subject_release(struct subject *subject);

/* Whether a folded mask is about this person: by his address as well, if whoever set it may see that. Else
 * it would tell him, mask by mask, where somebody is. */
bool subject_fits(const struct subject *subject, const char *mask, bool sees_address);

#endif
