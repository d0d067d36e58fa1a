/* What is kept instead of a password: a SCRAM-SHA-256 verifier (RFC 5802, section 3; RFC 7677).
 *
 * From it a password can be checked and not be learned. All comparisons take the same time whatever
 * they find. Knows no account and no wire. */
#ifndef SNUG_SERVER_ACCOUNT_VERIFIER_H
#define SNUG_SERVER_ACCOUNT_VERIFIER_H

#include <stdbool.h>
#include <stddef.h>

struct str;

enum {
    VERIFIER_KEY_BYTES = 32,
    VERIFIER_SALT_BYTES = 16,
    VERIFIER_ITERATIONS =
        4096, /* the least that RFC 7677 allows: a check stops the loop for 1 ms */
    VERIFIER_MAX_ITERATIONS = 100000,
};

struct verifier {
    unsigned iterations; /* 0: there is no password */
    unsigned char salt[VERIFIER_SALT_BYTES];
    unsigned char stored_key[VERIFIER_KEY_BYTES];
    unsigned char server_key[VERIFIER_KEY_BYTES];
};

/* Makes the verifier of a password, with a salt of the caller's chance. */
struct verifier verifier_make(const char *password, const unsigned char salt[VERIFIER_SALT_BYTES],
                              unsigned iterations);

/* Whether this is the password. */
bool verifier_matches(const struct verifier *verifier, const char *password);

/* Whether a client that sent this proof knows the password; then `signature` is what the server
 * answers. `message` is RFC 5802's AuthMessage. */
bool verifier_proves(const struct verifier *verifier, const char *message, size_t len,
                     const unsigned char proof[VERIFIER_KEY_BYTES],
                     unsigned char signature[VERIFIER_KEY_BYTES]);

/* Whether both are of the same password, set at the same time. */
bool verifier_same(const struct verifier *a, const struct verifier *b);

/* Appends it as text: iterations, salt and both keys, with blanks between them. */
void verifier_write(const struct verifier *verifier, struct str *out);

/* Reads what verifier_write() wrote; false if it is something else. */
bool verifier_read(struct verifier *verifier, const char *text);

#endif
