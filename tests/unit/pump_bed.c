#include "tests/unit/pump_bed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "common/alloc.h"

struct pump_bed *bed_new(size_t max_sessions)
{
    struct pump_bed *bed = xcalloc(1, sizeof *bed);
    struct hub_config config = hub_config_default();
    config.lobby = "#room";
    config.max_sessions = max_sessions;
    bed->hub = hub_new(&config, 7);
    bed->pump = pump_new(bed->hub, &(struct pump_owner){0});
    struct store_listener listener = pump_store_listener(bed->pump);
    bed->store = slow_store_new(&listener, NULL);
    pump_set_store(bed->pump, bed->store);
    bed->door = (struct door){.ops = &mini_ops};
    return bed;
}

void bed_free(struct pump_bed *bed)
{
    store_free(bed->store);
    pump_free(bed->pump);
    hub_free(bed->hub);
    for (size_t i = 0; i < bed->peer_count; i++)
        str_release(&bed->peers[i].out);
    assert_int_equal(mini_records, 0);
    free(bed);
}

void bed_receive(struct peer *peer)
{
    struct iovec vec;
    size_t bytes;
    while (outq_peek(peer->queue, &vec, 1, &bytes) > 0) {
        assert_true(str_add(&peer->out, vec.iov_base, bytes));
        outq_consume(peer->queue, bytes);
    }
    pump_sent(peer->bed->pump, peer->session);
}

void bed_turn_at(struct pump_bed *bed, int64_t now_ms)
{
    pump_turn(bed->pump, now_ms);
    hub_check(bed->hub);
    struct pump_dirty dirty;
    while (pump_next_dirty(bed->pump, &dirty)) {
        struct peer *peer = dirty.link;
        peer->queue = dirty.out;
        outq_add(dirty.out, dirty.fresh);
        peer->fate = dirty.fate;
        if (!peer->sleeps)
            bed_receive(peer);
        if (dirty.fate != PUMP_KEEP) {
            pump_closed(bed->pump, peer->session, now_ms);
            peer->queue = NULL;
        }
    }
}

void bed_turn(struct pump_bed *bed)
{
    bed_turn_at(bed, 1000);
}

void bed_turns(struct pump_bed *bed)
{
    do
        bed_turn(bed);
    while (pump_ready(bed->pump));
}

struct peer *bed_come_at(struct pump_bed *bed, int64_t now_ms)
{
    struct peer *peer = &bed->peers[bed->peer_count++];
    peer->bed = bed;
    str_init(&peer->out, 16 * 1024 * 1024);
    const struct origin origin = {.host = "host"};
    peer->session = pump_open(bed->pump, &bed->door, &origin, peer, now_ms);
    return peer;
}

struct peer *bed_come(struct pump_bed *bed)
{
    return bed_come_at(bed, 1000);
}

void bed_say(struct peer *peer, const char *text)
{
    pump_data(peer->bed->pump, peer->session, text, strlen(text));
}

struct peer *bed_enter(struct pump_bed *bed, const char *nick)
{
    struct peer *peer = bed_come(bed);
    char line[64];
    snprintf(line, sizeof line, "=%s\n", nick);
    bed_say(peer, line);
    bed_turns(bed);
    for (size_t i = 0; i < bed->peer_count; i++)
        str_reset(&bed->peers[i].out);
    return peer;
}
