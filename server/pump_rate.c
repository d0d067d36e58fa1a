/* How fast lines are taken from one connection: so many a second, and ten seconds' worth at once.
 *
 * Whoever sends more is read more slowly, and loses nothing. Whoever goes on like that for five
 * minutes, without once letting the server catch up, is not talking to anybody. */
#include <string.h>

#include "server/door/gate.h"
#include "server/pump_internal.h"

enum {
    SECOND_US = 1000 * 1000,
    BURST_US = PUMP_BURST_S * SECOND_US,
};

/* The bots and bridges of this machine are its owner's. */
static bool is_of_this_machine(const char *host)
{
    return strcmp(host, "127.0.0.1") == 0 || strcmp(host, "0::1") == 0;
}

void pump_set_rate(struct pump *pump, uint32_t lines_per_s)
{
    pump->lines_per_s = lines_per_s;
}

void pump_rate_open(struct slot *slot, const char *host)
{
    slot->unlimited = is_of_this_machine(host);
}

bool pump_rate_allows(struct pump *pump, struct slot *slot)
{
    int64_t now_us = pump->now_ms * 1000;
    slot->throttled = false;
    if (pump->lines_per_s == 0 || slot->unlimited)
        return true;
    /* A clock that was set back must not keep anybody waiting until it has caught up. */
    if (slot->rate_us < now_us || slot->rate_us > now_us + 2 * (int64_t)BURST_US)
        slot->rate_us = now_us;
    slot->throttled = slot->rate_us + SECOND_US / pump->lines_per_s > now_us + BURST_US;
    if (slot->throttled && slot->flood_ms == 0) {
        slot->flood_ms = pump->now_ms;
        gate_noise(&pump->gate, slot->session, "it sends too fast, and is read more slowly");
    }
    return !slot->throttled;
}

void pump_rate_took(const struct pump *pump, struct slot *slot)
{
    if (pump->lines_per_s > 0)
        slot->rate_us += SECOND_US / pump->lines_per_s;
}

bool pump_rate_tick(struct pump *pump, struct slot *slot)
{
    if (!slot->throttled)
        return true;
    if (pump->now_ms - slot->flood_ms >= PUMP_FLOOD_MS)
        return false;
    slot->throttled = false;
    pump_mark_ready(pump, slot);
    return true;
}
