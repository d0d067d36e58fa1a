/* The server's side of SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
 *
 * Two messages come, two are answered; who the client claims to be stands in the first, and the
 * caller brings that one's verifier to the answer. Knows no account and no wire. */
#ifndef SNUG_SERVER_ACCOUNT_SCRAM_H
#define SNUG_SERVER_ACCOUNT_SCRAM_H

#include "common/str.h"
#include "server/account/verifier.h"

enum { SCRAM_MAX_BYTES = 1024 }; /* of a message */

struct scram {
    struct str name;     /* the one it claims to be */
    struct str identity; /* "a=" of the first message: as whom it wants to act; may be empty */
    struct str header;   /* GS2 header, as it came */
    struct str nonce;    /* both parts, once the first message is answered */
    struct str message;  /* RFC 5802's AuthMessage, as it grows */
    struct verifier verifier;
};

void scram_init(struct scram *scram);
void scram_release(struct scram *scram);

/* Reads the first message of a client; false if it is none. */
bool scram_first(struct scram *scram, const char *text);

/* Appends the answer to it: the verifier's salt, and a nonce of the caller's chance (printable, no
 * comma). The verifier is copied. */
bool scram_challenge(struct scram *scram, const struct verifier *verifier, const char *nonce,
                     struct str *out);

/* Reads the last message; true, and the server's signature appended, if it proves the password. */
bool scram_final(struct scram *scram, const char *text, struct str *out);

#endif
