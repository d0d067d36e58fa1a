/* What others see instead of an address: codes that nobody can turn back without this server's key.
 *
 * "k3x9ab.q7m2zz.05wbdr.snug" stands for one address; the second word is the same for all of its
 * network (/24, of IPv6 /64), the third for a wider one (/16, /48). So a mask such as
 * "*.q7m2zz.05wbdr.snug" is about a network that its author does not know. */
#ifndef SNUG_SERVER_RUN_CLOAK_H
#define SNUG_SERVER_RUN_CLOAK_H

#include "common/str.h"

enum {
    CLOAK_KEY_BYTES = 32,
    CLOAK_TEXT_BYTES = 32, /* with its NUL */
};

struct hmac;

struct cloak {
    struct hmac *hmac;
};

/* To be ended with cloak_release(). */
void cloak_init(struct cloak *cloak, const unsigned char key[CLOAK_KEY_BYTES]);

/* Of one that was never made, too, if it is zeroed. */
void cloak_release(struct cloak *cloak);

/* Reads the key from the data directory, where it is made, for its owner alone, if it is missing.
 * False, and nothing to release, with one line in *error. */
bool cloak_open(struct cloak *cloak, const char *data_dir, struct str *error);

/* Writes what is shown of an address. */
void cloak_write(const struct cloak *cloak, const char *address, char text[CLOAK_TEXT_BYTES]);

#endif
