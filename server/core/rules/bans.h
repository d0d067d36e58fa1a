/* Who may not come in at all. */
#ifndef SNUG_SERVER_CORE_RULES_BANS_H
#define SNUG_SERVER_CORE_RULES_BANS_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_BAN and COMMAND_UNBAN. */
void bans_ban(struct step *step);
void bans_unban(struct step *step);

/* The ban that is about this session, or NULL. */
const struct ban *bans_find(const struct hub *hub, const struct session *session);

/* The one that would be about it by another nick, or NULL. */
const struct ban *bans_find_as(const struct hub *hub, const struct session *session,
                               const char *nick);

/* Tells the session why it is not let in. */
void bans_refuse(struct step *step, const struct ban *ban);

/* Bans somebody by account and addresses; by and why as the step's command says. */
enum refusal bans_ban_session(struct step *step, const struct session *session);

/* Ends all who are here and banned now. */
void bans_send_away(struct step *step);

/* What was set for a time that is over ends, here and in rooms. */
void bans_sweep(struct step *step);

#endif
