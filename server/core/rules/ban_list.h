/* The bans from the server: as a list, and as facts on disk. Knows no rule about who may ban whom. */
#ifndef SNUG_SERVER_CORE_RULES_BAN_LIST_H
#define SNUG_SERVER_CORE_RULES_BAN_LIST_H

#include "server/core/rules/step.h"

/* Whether its time is over. */
bool ban_list_is_over(const struct hub *hub, const struct ban *ban);

/* The ban with that mask, in any spelling, or NULL. */
struct ban *ban_list_find(struct hub *hub, const char *mask);

/* Adds a ban, or lets it take the place of the one with the same mask; takes ownership of its texts, but
 * for `key`, which it makes. */
struct ban *ban_list_put(struct hub *hub, struct ban fresh);

/* Takes one off, on disk as well. */
void ban_list_remove(struct step *step, struct ban *ban);

/* Keeps one on disk. */
void ban_list_keep(struct step *step, const struct ban *ban);

/* Frees them all. */
void ban_list_release(struct hub *hub);

#endif
