/*
 * One TCP connection to a server, on a libuv loop: bytes in, bytes out.
 *
 * Every connection_open is answered by exactly one `closed`, unless connection_close comes first.
 * What waits to be written is bounded; a peer that takes nothing makes connection_write refuse.
 *
 * In TLS the owner says whether the server is to be trusted, before anything else is sent to it.
 *
 * Knows nothing of IRC, of whom to trust, or of when to try again; how a name becomes a stream is
 * dial.h's.
 */
#ifndef SNUG_CLIENT_NET_CONNECTION_H
#define SNUG_CLIENT_NET_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/tls.h"

#define CONNECTION_GIVE_UP_MS 20000 /* as usual */
#define CONNECTION_MAX_QUEUED_BYTES ((size_t)4 << 20)
#define CONNECTION_MAX_TAKEN_BYTES ((size_t)1 << 20)

struct connection;
struct str;

/* Who answered. */
struct connection_peer {
    char fingerprint[FINGERPRINT_SIZE]; /* of its certificate */
    bool is_vouched_for;                /* by an authority of the system */
};

/* What a connection tells its owner; never called from within a call of the owner's. */
struct connection_events {
    /* Hands are shaken in TLS; false, and `why` set, closes the connection. */
    bool (*trusts)(void *owner, const struct connection_peer *peer, struct str *why);
    void (*opened)(void *owner);
    void (*received)(void *owner, const char *bytes, size_t len);
    /* `why` is text for people, borrowed; the connection may be opened again, also from here. */
    void (*closed)(void *owner, const char *why);
};

/* Makes a closed connection; `events` is kept and must outlive it. To be ended by connection_free. */
struct connection *connection_new(uv_loop_t *loop, const struct connection_events *events,
                                  void *owner);

/* Closes without a word and gives the memory back; libuv's part of it as its handles close. */
void connection_free(struct connection *c);

/* Begins to connect to `host` and `port` (a number or a service name), which are not kept; in TLS unless
 * `tls` is NULL, which is borrowed until it is closed. After `give_up_ms` a stream must stand, and after
 * as many more the hands be shaken. */
void connection_open(struct connection *c, const char *host, const char *port,
                     struct tls_context *tls, uint64_t give_up_ms);

/* Closes at once; what was not written is lost and no event follows. Closed already: does nothing. */
void connection_close(struct connection *c);

/* Says whether bytes can pass. */
bool connection_is_open(const struct connection *c);

/* Leaves in the socket what comes while bytes can pass, until connection_read(), or no more. */
void connection_hold(struct connection *c, bool is_held);

/* Takes what has come meanwhile, CONNECTION_MAX_TAKEN_BYTES at most. */
void connection_read(struct connection *c);

/* Takes a copy of the bytes to write; false if none pass now or too much waits already. */
bool connection_write(struct connection *c, const void *bytes, size_t len);

#endif
