#include "server/pump/ask.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump/slots.h"

struct ask *pump_ask_new(struct pump *pump, uint64_t session, enum ask_kind kind, uint64_t token)
{
    struct ask *ask = xcalloc(1, sizeof *ask);
    ask->session = session;
    ask->kind = kind;
    ask->token = token;
    pump_ask_again(pump, ask);
    return ask;
}

void pump_ask_again(struct pump *pump, struct ask *ask)
{
    ask->serial = ++pump->ask_serial;
    table_put(&pump->asks, &ask->serial, sizeof ask->serial, ask);
}

struct ask *pump_ask_take(struct pump *pump, uint64_t serial)
{
    return table_remove(&pump->asks, &serial, sizeof serial);
}

void pump_ask_free(struct ask *ask)
{
    for (size_t i = 0; i < ask->found_count; i++)
        free((char *)ask->found[i].name);
    free(ask->found);
    if (ask->told)
        outbox_release(ask->told);
    free(ask->told);
    free(ask->target);
    free(ask->words);
    free(ask->nick);
    free(ask);
}

void pump_ask_free_all(struct pump *pump)
{
    struct table_walk walk = {0};
    for (struct ask *ask; (ask = table_next(&pump->asks, &walk));) {
        pump_ask_take(pump, ask->serial);
        pump_ask_free(ask);
    }
    table_release(&pump->asks);
}

/* An answer has come: the connection's lines go on when it was the last one. */
static void let_go(struct pump *pump, struct slot *slot)
{
    if (slot->held && slot->asked == 0) {
        slot->held = false;
        pump_mark_ready(pump, slot);
    }
}

void pump_ask_over(struct pump *pump, struct slot *slot)
{
    if (!slot || !slot->record)
        return;
    slot->asked--;
    let_go(pump, slot);
}

void pump_ask_answer(struct pump *pump, struct ask *ask, const struct door_page *page)
{
    struct slot *slot = pump_slot(pump, ask->session);
    if (slot && slot->record) {
        slot->asked--;
        if (slot->live != SESSION_NONE)
            slot->forms->ops->page(slot->record, page);
        let_go(pump, slot);
    }
    pump_ask_free(ask);
}
