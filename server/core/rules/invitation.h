/* Who is asked into a room, and who asks to be. */
#ifndef SNUG_SERVER_CORE_RULES_INVITATION_H
#define SNUG_SERVER_CORE_RULES_INVITATION_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_INVITE and COMMAND_KNOCK. */
void invitation_invite(struct step *step);
void invitation_knock(struct step *step);

#endif
