/* The gate's plain calls; readings, names and groups are where the pump deals with them. */
#include "server/door/gate.h"

#include "server/pump/batch.h"
#include "server/pump/cover.h"
#include "server/pump/effects.h"
#include "server/pump/slots.h"

void gate_step(struct gate *gate, const struct command *command)
{
    pump_step(gate->pump, command);
}

const struct hub *gate_hub(const struct gate *gate)
{
    return gate->pump->hub;
}

int64_t gate_now(const struct gate *gate)
{
    return gate->pump->now_ms;
}

uint64_t gate_delivery(const struct gate *gate)
{
    return gate->pump->delivery;
}

void gate_write(struct gate *gate, uint64_t session, const void *bytes, size_t len)
{
    struct slot *slot = pump_slot(gate->pump, session);
    if (!slot || slot->state > SLOT_LEAVING)
        return;
    pump_catch_up(gate->pump, slot);
    pump_cover_answer(gate->pump, slot);
    outq_add(&slot->out, chunk_write(&gate->pump->replies, bytes, len));
    pump_mark_dirty(gate->pump, slot);
}

void gate_audit(struct gate *gate, const struct audit_record *record)
{
    struct pump *pump = gate->pump;
    if (pump->owner.audit)
        pump->owner.audit(pump->owner.ctx, record, pump->now_ms);
}

void gate_log(struct gate *gate, uint64_t session, const char *what)
{
    const struct pump *pump = gate->pump;
    const struct session *from = hub_session(pump->hub, session);
    if (from && pump->owner.noticed)
        pump->owner.noticed(pump->owner.ctx, from->address, what);
}
