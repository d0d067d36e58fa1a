#include "server/net/crowd.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void crowd_init(struct crowd *crowd, size_t max_each, uint64_t seed)
{
    table_init(&crowd->places, SIZE_MAX, seed);
    crowd->max_each = max_each;
}

void crowd_release(struct crowd *crowd)
{
    assert(crowd->places.len == 0);
    table_release(&crowd->places);
}

/* The form of IPv6, in which IPv4 has its place. False for what is not to be counted. */
static bool key_of(const struct sockaddr_storage *address, struct in6_addr *key)
{
    memset(key, 0, sizeof *key);
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        memset(&key->s6_addr[10], 0xff, 2);
        memcpy(&key->s6_addr[12], &v4.sin_addr, 4);
    } else if (address->ss_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
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

struct place *crowd_enter(struct crowd *crowd, const struct sockaddr_storage *address)
{
    struct in6_addr key;
    if (crowd->max_each == 0 || !key_of(address, &key))
        return NULL;
    struct place *place = table_get(&crowd->places, &key, sizeof key);
    if (!place) {
        place = xcalloc(1, sizeof *place);
        place->key = key;
        table_put(&crowd->places, &place->key, sizeof place->key, place);
    }
    place->count++;
    return place;
}

void crowd_leave(struct crowd *crowd, struct place *place)
{
    if (!place || --place->count > 0)
        return;
    table_remove(&crowd->places, &place->key, sizeof place->key);
    free(place);
}
