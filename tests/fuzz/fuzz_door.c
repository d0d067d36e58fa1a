/*
 * A whole server and four peers who send anything: the hub's invariants hold after every turn, all
 * that comes out is lines, and in the end everybody who is still connected is answered.
 *
 * Input: see play.h. a to d: bytes of that peer; A to D: it hangs up; h, w, f: as there; 0, 1: the log is
 * full, it has room; t and a digit: time passes, that many times 20 s.
 */
#include <string.h>

#include "tests/fuzz/play.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/wire.h"
#include "tests/script/house.h"
#include "tests/script/slow_store.h"

enum { PEERS = PLAY_PEERS_MAX };

static struct house_peer *open_peer(struct house *house, size_t number)
{
    (void)number;
    return house_open(house, "host");
}

static void check_output(struct house_peer *peer)
{
    wire_check(peer);
    str_reset(&peer->out);
}

static void run_part(struct play *play, char what, const uint8_t *bytes, size_t len)
{
    if (what >= 'a' && what < 'a' + PEERS)
        play_talk(play, (size_t)(what - 'a'), bytes, len);
    else if (what >= 'A' && what < 'A' + PEERS)
        play_hang_up(play, (size_t)(what - 'A'));
    else if (what == '0' || what == '1')
        slow_store_set_up(play->house->store, what == '1');
    else if (!play_log(play, what) && what == 't' && len > 0 && bytes[0] >= '0' && bytes[0] <= '9')
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
    struct play play = {.house = house_new(&(struct house_config){.lobby = "#lobby"}),
                        .open = open_peer};
    play_parts(&play, data, size, run_part);
    run_part(&play, 'w', NULL, 0);
    run_part(&play, '1', NULL, 0);
    fence(&play);
    house_free(play.house);
    return 0;
}
