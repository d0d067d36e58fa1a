/* Who may. */
#ifndef SNUG_SERVER_CORE_RULES_ACCESS_H
#define SNUG_SERVER_CORE_RULES_ACCESS_H

#include "server/core/internal.h"

/* Whether the session may come in: nobody's empty room is open to all. */
enum refusal access_join(const struct room *room, const struct session *session,
                         const char *password);

/* The same, had it not been found empty. */
enum refusal access_earned(const struct room *room, const struct session *session,
                           const char *password);

/* Whether `session` may say something to `peer` in private. */
enum refusal access_tell(const struct session *peer, const struct session *session);

/* Whether it may say something of that kind in the room, in it or from outside. */
enum refusal access_speak(const struct room *room, const struct session *session,
                          enum speech speech);

#endif
