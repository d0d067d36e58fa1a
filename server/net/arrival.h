/* Who comes, and whether he may: from the accepted socket to the session.
 *
 * Invariant: whoever comes is let in, shakes hands, or is turned away with a reason that the owner is
 * told; how many may shake hands, and how many connections there may be, has a maximum, and the one
 * that most likely never comes in makes room. Knows no line, and of TLS only that it takes time. */
#ifndef SNUG_SERVER_NET_ARRIVAL_H
#define SNUG_SERVER_NET_ARRIVAL_H

#include "server/net/conn.h"

struct tls_context;

/* Takes over a connected socket from that address, and tells the owner: at once, or, where `tls` is
 * not NULL, when the handshake is done. The context is borrowed until the connection is freed. */
void arrival_accept(struct net *net, int fd, const struct sockaddr_storage *peer, void *door,
                    struct tls_context *tls);

/* For secure.c. */

/* Its first bytes are here: from now on it costs what a handshake costs. */
void arrival_handshakes(struct conn *conn);

/* Tells the owner of a connection that is ready to talk. False if it is closed now. */
bool arrival_open(struct conn *conn, void *door, const struct origin *origin);

#endif
