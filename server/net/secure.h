/* TLS between a connection's socket and its owner.
 *
 * The owner's queue holds clear text; it is encrypted when the system is ready to take more, a piece
 * for one write at a time. Before the first bytes come there is no TLS state at all, so that those
 * who say nothing cost next to nothing. Every failure costs its own connection alone. */
#ifndef SNUG_SERVER_NET_SECURE_H
#define SNUG_SERVER_NET_SECURE_H

#include "server/net/conn.h"

struct tls_context;

/* A connection from that address that is to shake hands, for that door. */
struct secure *secure_new(struct tls_context *context, void *door, const char *host);

/* NULL is nothing to do. */
void secure_free(struct secure *secure);

/* Where it comes from, until it has shaken hands; NULL: it has. */
const char *secure_host(const struct secure *secure);

/* Bytes came from the socket. */
void secure_received(struct conn *conn, const void *bytes, size_t len);

/* Nothing more comes from the socket. */
void secure_eof(struct conn *conn, const char *reason);

/* Hands on what had to wait until the owner had space. True when nothing waits any more, so that the
 * socket may be read. */
bool secure_resume(struct conn *conn);

/* The system takes more of what was encrypted; 0, or a libuv error. */
int secure_writable(struct conn *conn);

/* Encrypts and sends what is queued, as far as the system takes it now; 0, or a libuv error. */
int secure_flush(struct conn *conn);

/* Says good-bye to the other side; 0, or a libuv error. */
int secure_end(struct conn *conn);

#endif
