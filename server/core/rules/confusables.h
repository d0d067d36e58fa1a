/* Names that cannot be told apart by eye. */
#ifndef SNUG_SERVER_CORE_RULES_CONFUSABLES_H
#define SNUG_SERVER_CORE_RULES_CONFUSABLES_H

#include "server/core/rules/step.h"

/* Whether this nick imitates that of somebody else who is here, or one that somebody else owns. */
bool confusables_imitate(const struct hub *hub, const struct session *session, const char *nick);

/* The session, which has entered, goes by its nick from now on, or no longer. */
void confusables_enter(struct hub *hub, struct session *session);
void confusables_leave(struct hub *hub, struct session *session);

/* The same with a name that is owned. */
void confusables_own(struct hub *hub, struct owner *owner, const char *name);
void confusables_disown(struct hub *hub, const struct owner *owner);

/* The same with a room, which is in the hub from now on, or no longer. */
void confusables_open(struct hub *hub, struct room *room);
void confusables_close(struct hub *hub, const struct room *room);

/* The room other than this one (NULL: than any) that a room of that name would imitate, or NULL. */
const struct room *confusables_imitated_room(struct hub *hub, const struct room *room,
                                             const char *name);

#endif
