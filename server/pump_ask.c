/* Readings under way, found by the token that the store was given. The door that asked may be gone
 * when the answer comes. */
#include <stdlib.h>

#include "common/alloc.h"
#include "server/pump_internal.h"

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
