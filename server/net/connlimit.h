/* How many connections come from each address, and how many may.
 *
 * One network of IPv6 (/64) counts as one address, since whoever has one has all of it. This
 * machine itself (127.0.0.1 and ::1) is not counted. An address is known while somebody is here
 * from there, so there are never more of them than connections. */
#ifndef SNUG_SERVER_NET_CONNLIMIT_H
#define SNUG_SERVER_NET_CONNLIMIT_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/table.h"

/* An address, and how many are here from there. */
struct connlimit_address {
    struct in6_addr key;
    size_t count;
};

struct connlimit {
    struct table addresses; /* struct connlimit_address, by key */
    size_t max_each;        /* 0: any number */
};

/* Nobody from anywhere; the seed is for the hash table. */
void connlimit_init(struct connlimit *limit, size_t max_each, uint64_t seed);

/* Everybody must have left. */
void connlimit_release(struct connlimit *limit);

/* Counts one more from there; borrowed until connlimit_leave(). NULL if they are not counted. */
struct connlimit_address *connlimit_enter(struct connlimit *limit,
                                          const struct sockaddr_storage *peer);

/* One less; NULL is nothing to do. */
void connlimit_leave(struct connlimit *limit, struct connlimit_address *address);

#endif
