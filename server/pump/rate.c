/* How fast lines are taken from one connection: so many a second, and ten seconds' worth at once.
 *
 * Whoever sends more is read more slowly, and loses nothing. Whoever goes on like that for five
 * minutes, without once letting the server catch up, is not talking to anybody. */
#include "server/pump/rate.h"

#include <string.h>

#include "server/door/gate.h"
#include "server/pump/slots.h"

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

void pump_rate_open(const struct pump *pump, struct slot *slot, const char *host)
{
    slot->unlimited = is_of_this_machine(host);
    slot->paid_us = (uint32_t)(pump->now_ms * 1000);
}

/* For how long what was taken is paid for. */
static int32_t ahead_us(const struct pump *pump, const struct slot *slot)
{
    return (int32_t)(slot->paid_us - (uint32_t)(pump->now_ms * 1000));
}

/* Nothing is owed for time that has passed, and a clock that was set back keeps nobody waiting until it
 * has caught up. It begins anew every seventy minutes: each tick comes by here. */
static void settle(const struct pump *pump, struct slot *slot)
{
    int32_t ahead = ahead_us(pump, slot);
    if (ahead < 0 || ahead > 2 * BURST_US)
        slot->paid_us = (uint32_t)(pump->now_ms * 1000);
}

bool pump_rate_allows(struct pump *pump, struct slot *slot)
{
    slot->throttled = false;
    if (pump->lines_per_s == 0 || slot->unlimited)
        return true;
    settle(pump, slot);
    slot->throttled = ahead_us(pump, slot) + SECOND_US / (int32_t)pump->lines_per_s > BURST_US;
    if (slot->throttled && !slot->flooding) {
        slot->flooding = true;
        slot->flood_ms = (uint32_t)pump->now_ms;
        gate_log(&pump->gate, slot->session, "it sends too fast, and is read more slowly");
    }
    return !slot->throttled;
}

void pump_rate_took(const struct pump *pump, struct slot *slot)
{
    if (pump->lines_per_s > 0)
        slot->paid_us += SECOND_US / pump->lines_per_s;
}

bool pump_rate_tick(struct pump *pump, struct slot *slot)
{
    settle(pump, slot);
    if (!slot->throttled)
        return true;
    if (pump_slot_since(slot->flood_ms, pump->now_ms) >= PUMP_FLOOD_MS)
        return false;
    slot->throttled = false;
    pump_mark_ready(pump, slot);
    return true;
}
