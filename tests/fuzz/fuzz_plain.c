/*
 * The plain door: two plain peers and one of IRC who send anything. All that a plain peer is sent are
 * lines that no terminal obeys, beside refusals of telnet options; and how the bytes were cut into
 * pieces makes no difference to the filter.
 *
 * Input: see play.h. a, b: bytes of that plain peer; i: of the IRC client; A, B, I: it hangs up; h, w, f:
 * as there; t: a minute passes.
 */
#include <string.h>

#include "common/text.h"
#include "server/door/plain/telnet.h"
#include "tests/fuzz/play.h"
#include "tests/fuzz/target.h"
#include "tests/script/house.h"

enum { PEERS = 3, IRC_PEER = 2, IAC = 0xff, REPLY_MAX_BYTES = 1 << 20 };

/* Refusals of options stand between lines: IAC, a verb, an option. */
static size_t skip_refusals(const char *at, size_t left)
{
    size_t skipped = 0;
    while (left - skipped >= 3 && (unsigned char)at[skipped] == IAC)
        skipped += 3;
    return skipped;
}

static void check_output(struct house_peer *peer)
{
    const char *at = peer->out.data;
    const char *end = at + peer->out.len;
    while (at < end) {
        at += skip_refusals(at, (size_t)(end - at));
        if (at == end)
            break;
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        CHECK(lf && lf > at && lf[-1] == '\r');
        CHECK(text_is_harmless(at, (size_t)(lf - 1 - at)));
        at = lf + 1;
    }
}

static struct house_peer *open_peer(struct house *house, size_t number)
{
    return number == IRC_PEER ? house_open(house, "host") : house_open_plain(house, "host");
}

static void run_part(struct play *play, char what, const uint8_t *bytes, size_t len)
{
    static const char talkers[] = "abi";
    static const char leavers[] = "ABI";
    const char *talker = strchr(talkers, what);
    const char *leaver = strchr(leavers, what);
    if (what != '\0' && talker)
        play_talk(play, (size_t)(talker - talkers), bytes, len);
    else if (what != '\0' && leaver)
        play_hang_up(play, (size_t)(leaver - leavers));
    else if (!play_log(play, what) && what == 't')
        house_wait(play->house, 60000);
    house_run(play->house);
    for (size_t i = 0; i < PEERS; i++) {
        if (!play->peers[i])
            continue;
        if (i != IRC_PEER)
            check_output(play->peers[i]);
        str_reset(&play->peers[i]->out);
    }
}

/* Filters in pieces of `step` bytes. */
static void filter(const uint8_t *data, size_t size, size_t step, struct str *text,
                   struct str *reply)
{
    struct telnet telnet = {0};
    for (size_t at = 0; at < size; at += step) {
        size_t len = size - at < step ? size - at : step;
        size_t start = text->len;
        str_add(text, data + at, len);
        str_cut(text, start + telnet_filter(&telnet, text->data + start, len, reply));
    }
}

static void check_filter(const uint8_t *data, size_t size)
{
    struct str whole, pieces, reply, replies;
    str_init(&whole, size);
    str_init(&pieces, size);
    str_init(&reply, REPLY_MAX_BYTES);
    str_init(&replies, REPLY_MAX_BYTES);
    filter(data, size, size, &whole, &reply);
    filter(data, size, 1, &pieces, &replies);
    CHECK(whole.len == pieces.len && memcmp(whole.data, pieces.data, whole.len) == 0);
    CHECK(memchr(whole.data, '\0', whole.len) == NULL);
    CHECK(reply.len <= size + 16);
    str_release(&whole);
    str_release(&pieces);
    str_release(&reply);
    str_release(&replies);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && size < REPLY_MAX_BYTES / 16)
        check_filter(data, size);
    struct play play = {.house = house_new(&(struct house_config){.lobby = "#lobby"}),
                        .open = open_peer};
    play_parts(&play, data, size, run_part);
    run_part(&play, 'w', NULL, 0);
    house_free(play.house);
    return 0;
}
