#include "tests/fuzz/play.h"

#include <string.h>

#include "tests/script/house.h"
#include "tests/script/slow_store.h"

enum { RS = 0x1e };

static struct house_peer *peer_of(struct play *play, size_t number)
{
    struct house_peer *peer = play->peers[number];
    if (peer && !peer->closed)
        return peer;
    if (play->opened == HOUSE_PEERS)
        return NULL;
    play->opened++;
    return play->peers[number] = play->open(play->house, number);
}

void play_talk(struct play *play, size_t number, const void *bytes, size_t len)
{
    struct house_peer *peer = peer_of(play, number);
    if (peer)
        house_send(play->house, peer, bytes, len);
}

void play_hang_up(struct play *play, size_t number)
{
    struct house_peer *peer = play->peers[number];
    if (peer && !peer->closed)
        house_hang_up(play->house, peer, "Connection reset");
}

bool play_log(struct play *play, char what)
{
    struct store *store = play->house->store;
    if (what == 'h')
        slow_store_hold(store);
    else if (what == 'w')
        slow_store_release(store);
    else if (what == 'f')
        slow_store_fail(store);
    else
        return false;
    return true;
}

void play_parts(struct play *play, const uint8_t *data, size_t size,
                void (*act)(struct play *play, char what, const uint8_t *bytes, size_t len))
{
    while (size > 0) {
        const uint8_t *end = memchr(data, RS, size);
        size_t len = end ? (size_t)(end - data) : size;
        if (len > 0)
            act(play, (char)data[0], data + 1, len - 1);
        data += len + (end != NULL);
        size -= len + (end != NULL);
    }
}
