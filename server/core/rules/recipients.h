/* Lists of those who are to be told something that is in no log. */
#ifndef SNUG_SERVER_CORE_RULES_RECIPIENTS_H
#define SNUG_SERVER_CORE_RULES_RECIPIENTS_H

#include "server/core/rules/step.h"

/* Members of a room of at least that rank who are in its roster, as recipients. */
uint64_t *recipients_of_rank(struct step *step, const struct room *room, unsigned rank,
                             size_t *count);

/* The connection of a seat in the roster. */
struct connection *recipient_at(const struct hub *hub, const struct room *room, size_t seat);

/* All connections of a session. */
uint64_t *recipients_person(struct step *step, const struct session *session, size_t *count);

/* Those of two people, each once; either may be NULL. */
uint64_t *recipients_pair(struct step *step, const struct session *a, const struct session *b,
                          size_t *count);

/* All who are in a room with the session as delivered, each once, and the session itself. */
uint64_t *recipients_witnesses(struct step *step, struct session *session, size_t *count);

/* All who watch the session's nick and were not among the witnesses that were just listed. */
uint64_t *recipients_watchers(struct step *step, const struct session *session, size_t *count);

#endif
