/* What may be shown only when it is on disk: how rooms are run, what is told of people, who is banned and
 * whose a name is. The hub answers by what is decided, which is kept as facts; a fact goes to the store in
 * the step that decides it, and everything that is queued for anybody from then on waits until it is there.
 * What the log itself shows has come from the disk, and waits only behind what was queued before it.
 *
 * A connection that waits is covered. What is queued for it later may show later facts, and lies behind a
 * second hold: so nothing waits for more than was decided when its turn came, however much is decided
 * meanwhile. While an answer waits so does the next line, and nobody decides more than the disk takes.
 * While the log takes nothing at all nobody is covered: the hub refuses then what it could not keep, and
 * silence without end is no answer. */
#ifndef SNUG_SERVER_PUMP_COVER_H
#define SNUG_SERVER_PUMP_COVER_H

#include "server/pump/internal.h"

/* A step's effects are about to be carried out: what they keep counts from the first of them on. */
void pump_foresee(struct pump *pump, const struct outbox *box);

/* Gives the store a fact; NULL: deletes it. `aside` as of an effect. False if there is no place for it. */
bool pump_put(struct pump *pump, const char *key, const char *value, bool aside);

/* The next fact is on disk. */
void pump_kept(struct pump *pump);

/* Whether what is said now may show what is not on disk. */
static inline bool pump_is_ahead(const struct pump *pump)
{
    return pump->facts_shown > pump->facts_kept && !pump->log_down;
}

/* What is queued for a connection from now on waits for the fact of that number. */
void pump_cover(struct pump *pump, struct slot *slot, uint64_t fact);

/* An answer is about to be queued. */
void pump_cover_answer(struct pump *pump, struct slot *slot);

/* Whether its next line has to wait, since an answer does. */
static inline bool pump_answer_waits(const struct slot *slot)
{
    return slot->answer_waits || slot->later_answer_waits;
}

/* Lets go those who have waited long enough. */
void pump_uncover(struct pump *pump);

#endif
