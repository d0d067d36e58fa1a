/* What is counted over all rooms, so that nobody has to walk them: which of them make place for a new
 * one, and how many each account keeps. The rooms themselves write it: see room.c. */
#ifndef SNUG_SERVER_CORE_LEDGER_H
#define SNUG_SERVER_CORE_LEDGER_H

#include "common/list.h"
#include "common/table.h"

struct ledger {
    struct list spare; /* rooms, by their in_spare: the one that was left first in front */
    struct table kept; /* struct kept, by folded account */
};

/* How many rooms an account keeps; at least one. */
struct kept {
    char *key;
    size_t count;
};

/* An empty ledger; `seed` feeds its table. */
void ledger_init(struct ledger *ledger, uint64_t seed);

/* When no room is left. */
void ledger_release(struct ledger *ledger);

/* One room more, or one less, is kept by the account of that folded name. */
void ledger_keep(struct ledger *ledger, const char *key);
void ledger_lay_down(struct ledger *ledger, const char *key);

size_t ledger_kept(const struct ledger *ledger, const char *key);

/* Of rooms that were brought back from disk nobody knows when they were left: the oldest comes first. */
void ledger_order(struct ledger *ledger);

#endif
