/* What people say of themselves, and what operators may do to them. */
#ifndef SNUG_SERVER_CORE_RULES_PEOPLE_H
#define SNUG_SERVER_CORE_RULES_PEOPLE_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_AWAY, COMMAND_REALNAME, COMMAND_FLAGS, COMMAND_ACCOUNT, COMMAND_EMPOWER, COMMAND_KILL,
 * COMMAND_HOST and COMMAND_WALLOPS. */
void people_away(struct step *step);
void people_realname(struct step *step);
void people_flags(struct step *step);
void people_account(struct step *step);
void people_empower(struct step *step);
void people_kill(struct step *step);
void people_host(struct step *step);
void people_wallops(struct step *step);

/* Tells that the step's session is away, or back, if it was not so before. */
void people_tell_away(struct step *step, const char *before, uint64_t except);

/* Gives the session these flags, enum session_flag, and keeps the hub's counts right. */
void people_set_flags(struct hub *hub, struct session *session, unsigned flags);

#endif
