#include "server/net/connlimit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void connlimit_init(struct connlimit *limit, size_t max_each, uint64_t seed)
{
    table_init(&limit->addresses, SIZE_MAX, seed);
    limit->max_each = max_each;
}

void connlimit_release(struct connlimit *limit)
{
    assert(limit->addresses.len == 0);
    table_release(&limit->addresses);
}

/* The form of IPv6, in which IPv4 has its place. False for what is not to be counted. */
static bool key_of(const struct sockaddr_storage *peer, struct in6_addr *key)
{
    memset(key, 0, sizeof *key);
    if (peer->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, peer, sizeof v4);
        memset(&key->s6_addr[10], 0xff, 2);
        memcpy(&key->s6_addr[12], &v4.sin_addr, 4);
    } else if (peer->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, peer, sizeof v6);
        *key = v6.sin6_addr;
    } else {
        return false;
    }
    static const unsigned char here[] = {127, 0, 0, 1};
    if (IN6_IS_ADDR_V4MAPPED(key))
        return memcmp(&key->s6_addr[12], here, sizeof here) != 0;
    if (IN6_IS_ADDR_LOOPBACK(key))
        return false;
    memset(&key->s6_addr[8], 0, 8);
    return true;
}

struct connlimit_address *connlimit_enter(struct connlimit *limit,
                                          const struct sockaddr_storage *peer)
{
    struct in6_addr key;
    if (limit->max_each == 0 || !key_of(peer, &key))
        return NULL;
    struct connlimit_address *address = table_get(&limit->addresses, &key, sizeof key);
    if (!address) {
        address = xcalloc(1, sizeof *address);
        address->key = key;
        table_put(&limit->addresses, &address->key, sizeof address->key, address);
    }
    address->count++;
    return address;
}

void connlimit_leave(struct connlimit *limit, struct connlimit_address *address)
{
    if (!address || --address->count > 0)
        return;
    table_remove(&limit->addresses, &address->key, sizeof address->key);
    free(address);
}
