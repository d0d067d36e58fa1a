/*
 * Rooms that the server could not let us into, since its log took nothing: asked for again, after a
 * while, as long as we want to be there. Any other refusal is for good.
 */
#include "client/session/rejoin.h"

#include <string.h>

#include "client/session/incoming.h"
#include "client/session/internal.h"

enum { AGAIN_MS = 5000 };

void rejoin_begin(struct session *s)
{
    s->rejoin.at_ms = 0;
    s->rejoin.told = false;
}

bool rejoin_failed(struct session *s, const struct incoming *in)
{
    bool later = !strcmp(in->m->params[0], "JOIN") && !strcmp(in->m->params[1], "NOT_STORED");
    if (!later)
        return false;
    bool told = s->rejoin.told;
    s->rejoin.told = true;
    s->rejoin.at_ms = s->now_ms + AGAIN_MS;
    return told;
}

void rejoin_step(struct session *s)
{
    if (s->phase != PHASE_ONLINE || s->rejoin.at_ms == 0 || s->now_ms < s->rejoin.at_ms)
        return;
    s->rejoin.at_ms = 0;
    for (size_t i = 0; i < s->n_rooms; i++) {
        const struct buffer *buffer = model_find(s->model, s->rooms[i].name);
        if (!buffer || !buffer->joined)
            session_send(s, "JOIN", s->rooms[i].name, s->rooms[i].key, NULL);
    }
}

int64_t rejoin_deadline_ms(const struct session *s)
{
    bool due = s->phase == PHASE_ONLINE && s->rejoin.at_ms > 0;
    return due ? s->rejoin.at_ms : INT64_MAX;
}
