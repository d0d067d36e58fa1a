/*
 * A whole server and four peers who send anything: the hub's invariants hold after every turn, all
 * that comes out is lines, and in the end everybody who is still connected is answered.
 *
 * Input: parts separated by RS (0x1e), each begun by a letter. a to d: bytes of that peer; A to D: it
 * hangs up; h, w, f: the log holds, writes what it held, fails it; 0, 1: it is full, it has room; t and
 * a digit: time passes, that many times 20 s.
 */
#include <string.h>

#include "tests/fuzz/target.h"
#include "tests/fuzz/wire.h"
#include "tests/script/house.h"
#include "tests/script/slow_store.h"

enum { PEERS = 4, RS = 0x1e };

struct play {
    struct house *house;
    struct house_peer *peers[PEERS];
    size_t opened;
};

static void check_output(struct house_peer *peer)
{
    wire_check(peer);
    str_reset(&peer->out);
}

/* The peer of that number, connected anew if it is gone; NULL when there were too many. */
static struct house_peer *peer_of(struct play *play, size_t number)
{
    struct house_peer *peer = play->peers[number];
    if (peer && !peer->closed)
        return peer;
    if (play->opened == HOUSE_PEERS)
        return NULL;
    play->opened++;
    return play->peers[number] = house_open(play->house, "host");
}

static void talk(struct play *play, size_t number, const void *bytes, size_t len)
{
    struct house_peer *peer = peer_of(play, number);
    if (peer)
        house_send(play->house, peer, bytes, len);
}

static void hang_up(struct play *play, size_t number)
{
    struct house_peer *peer = play->peers[number];
    if (peer && !peer->closed)
        house_hang_up(play->house, peer, "Connection reset");
}

static void run_part(struct play *play, char what, const uint8_t *bytes, size_t len)
{
    struct store *store = play->house->store;
    if (what >= 'a' && what < 'a' + PEERS)
        talk(play, (size_t)(what - 'a'), bytes, len);
    else if (what >= 'A' && what < 'A' + PEERS)
        hang_up(play, (size_t)(what - 'A'));
    else if (what == 'h')
        slow_store_hold(store);
    else if (what == 'w')
        slow_store_release(store);
    else if (what == 'f')
        slow_store_fail(store);
    else if (what == '0' || what == '1')
        slow_store_set_up(store, what == '1');
    else if (what == 't' && len > 0 && bytes[0] >= '0' && bytes[0] <= '9')
        house_wait(play->house, (bytes[0] - '0') * 20000);
    house_run(play->house);
    for (size_t i = 0; i < PEERS; i++)
        if (play->peers[i])
            check_output(play->peers[i]);
}

/* Each is answered to its last question: nobody waits for ever. What others do after it has spoken,
 * such as to leave since it threw them out, may follow. */
static void fence(struct play *play)
{
    static const char question[] = "\r\nPING fence\r\n";
    static const char answer[] = "PONG house.test :fence\r\n";
    for (size_t i = 0; i < PEERS; i++) {
        struct house_peer *peer = play->peers[i];
        if (!peer || peer->closed)
            continue;
        house_send(play->house, peer, question, sizeof question - 1);
        if (peer->closed)
            continue;
        CHECK(memmem(peer->out.data, peer->out.len, answer, sizeof answer - 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct play play = {.house = house_new(&(struct house_config){.lobby = "#lobby"})};
    while (size > 0) {
        const uint8_t *end = memchr(data, RS, size);
        size_t len = end ? (size_t)(end - data) : size;
        if (len > 0)
            run_part(&play, (char)data[0], data + 1, len - 1);
        data += len + (end != NULL);
        size -= len + (end != NULL);
    }
    run_part(&play, 'w', NULL, 0);
    run_part(&play, '1', NULL, 0);
    fence(&play);
    house_free(play.house);
    return 0;
}
