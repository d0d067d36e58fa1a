/* A socket that connections come in by. */
#ifndef SNUG_SERVER_NET_LISTENER_H
#define SNUG_SERVER_NET_LISTENER_H

#include "server/net/address.h"
#include "server/net/net.h"

struct tls_context;

struct listener {
    struct watched socket;
    struct net *net;
    void *door;
    struct tls_context *tls; /* NULL: in clear text */
    struct list link;        /* in net.listeners */
};

/* Listens at that address for that door, in TLS unless `tls` is NULL; the net owns the listener, and
 * borrows the context until it is released. Writes the real address, with the port that 0 became, to
 * *address. 0, or a libuv error. */
int listener_open(struct net *net, struct sockaddr_storage *address, void *door,
                  struct tls_context *tls);

/* Accepts nobody any more, and frees itself. */
void listener_close(struct listener *listener);

#endif
