/* How many connections come from each address.
 *
 * One network of IPv6 (/64) counts as one address, since whoever has one has all of it. This
 * machine itself (127.0.0.1 and ::1) is not counted. An address is known while somebody is here
 * from there, so there are never more of them than connections. */
#ifndef SNUG_SERVER_NET_CROWD_H
#define SNUG_SERVER_NET_CROWD_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "common/table.h"

/* An address, and how many are here from there. */
struct place {
    struct in6_addr key;
    size_t count;
};

struct crowd {
    struct table places; /* struct place, by key */
    size_t max_each;     /* 0: any number */
};

/* Nobody from anywhere; the seed is for the hash table. */
void crowd_init(struct crowd *crowd, size_t max_each, uint64_t seed);

/* Everybody must have left. */
void crowd_release(struct crowd *crowd);

/* Counts one more from there; borrowed until crowd_leave(). NULL if they are not counted. */
struct place *crowd_enter(struct crowd *crowd, const struct sockaddr_storage *address);

/* One less; NULL is nothing to do. */
void crowd_leave(struct crowd *crowd, struct place *place);

#endif
