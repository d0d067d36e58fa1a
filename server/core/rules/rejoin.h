/* The rooms that somebody with an account comes back to. */
#ifndef SNUG_SERVER_CORE_RULES_REJOIN_H
#define SNUG_SERVER_CORE_RULES_REJOIN_H

#include "server/core/rules/step.h"

/* The session is in that room from now on: notes it, unless it has no account, or the room needs no
 * noting. */
void rejoin_add(struct step *step, const struct session *session, const struct room *room);

/* The session is in it no longer, by its own will or that of others. */
void rejoin_remove(struct step *step, const struct session *session, const struct room *room);

/* Notes all rooms that the step's session is in: it has an account only now. */
void rejoin_add_all(struct step *step);

/* Puts the step's session, which has come back, into those that were noted. */
void rejoin_enter(struct step *step);

/* Forgets those of an account, by its folded name, on disk as well. */
void rejoin_forget_account(struct step *step, const char *key);

/* Frees those of all accounts. */
void rejoin_release(struct hub *hub);

#endif
