/*
 * TLS 1.2 and 1.3 as bytes in, bytes out.
 *
 * What the network brought is fed, what it is to be sent is appended to a string of the caller's:
 * no sockets, no waiting. What a peer sends costs at most its connection, never an assertion. A
 * connection that is idle holds no buffers. Records have at most 4 KB, since some clients read one a
 * poll; there is no renegotiation, no compression and no resumption.
 *
 * Trust is not decided here: a server asks its peers for a certificate and takes any or none; a
 * client says whether the server's is good by the system's authorities, and what its fingerprint is.
 */
#ifndef SNUG_COMMON_TLS_H
#define SNUG_COMMON_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/identity.h"

struct str;
struct tls;
struct tls_context;

enum {
    TLS_RECORD_BYTES = 4096,
    TLS_MAX_WAITING_BYTES = 256 * 1024, /* fed and not decrypted yet */
};

enum tls_state {
    TLS_HANDSHAKING,
    TLS_OPEN,
    TLS_CLOSED, /* the other side said good-bye: nothing more comes, but it may still read */
    TLS_FAILED, /* see tls_error(); what was appended for it to read is still worth sending */
};

/* For many connections that show this identity, which is borrowed. NULL, and `error` set, if it
 * cannot serve. To be ended by tls_context_free. */
struct tls_context *tls_context_new_server(const struct identity *identity, struct str *error);

/* For connections to servers; an identity, or NULL for none, is shown to those that ask. */
struct tls_context *tls_context_new_client(const struct identity *identity, struct str *error);

/* Handshakes that begin from now on show another identity. False, and all as before, if it cannot
 * serve. */
bool tls_context_use(struct tls_context *context, const struct identity *identity,
                     struct str *error);

/* Must outlive its connections. Does nothing for NULL. */
void tls_context_free(struct tls_context *context);

/* A connection about to shake hands. A client names the host it wants, an address or a name; a
 * server passes NULL. To be ended by tls_free. */
struct tls *tls_new(struct tls_context *context, const char *host);
void tls_free(struct tls *tls);

/* Takes a copy of what the network brought. Bytes that cannot be TLS make it fail. */
void tls_feed(struct tls *tls, const void *bytes, size_t len);

/* The network brings nothing more. Unless the other side has said good-bye that is a failure. */
void tls_eof(struct tls *tls);

/* Goes on with the handshake; a client's begins with it. Appends to `out` what is to be sent. */
enum tls_state tls_handshake(struct tls *tls, struct str *out);

/* Decrypts up to `size` of what was fed; 0: that was all, or look at the state. Appends to `out`
 * what the protocol itself wants to be sent. */
size_t tls_read(struct tls *tls, void *bytes, size_t size, struct str *out);

/* Encrypts all of it onto `out`; false if the connection is not open, or failed. */
bool tls_write(struct tls *tls, const void *bytes, size_t len, struct str *out);

/* Says good-bye; nothing can be written afterwards. */
void tls_close(struct tls *tls, struct str *out);

enum tls_state tls_state(const struct tls *tls);

/* Whether a call of tls_read would find something that was fed and not read yet. */
bool tls_waiting(const struct tls *tls);

/* Why it failed, for people, in one line; borrowed, "" unless it did. */
const char *tls_error(const struct tls *tls);

/* Whether the other side's first bytes were not TLS at all, so that a word in clear text may help. */
bool tls_peer_is_clear(const struct tls *tls);

/* Writes the fingerprint of the other side's certificate; false if it showed none. */
bool tls_peer_fingerprint(const struct tls *tls, char digits[FINGERPRINT_SIZE]);

/* From when to when the other side's certificate says that it is valid, in seconds since 1970; 0 for
 * what cannot be read, or where it showed none, and 1 for what is before 1970. */
void tls_peer_validity(const struct tls *tls, int64_t *from_s, int64_t *until_s);

/* Whether the system's authorities vouch for the server's certificate and it names the host. */
bool tls_peer_is_vouched_for(const struct tls *tls);

#endif
