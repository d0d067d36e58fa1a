/* What operators say of names. */
#ifndef SNUG_SERVER_CORE_RULES_KNOWN_H
#define SNUG_SERVER_CORE_RULES_KNOWN_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_KNOW and COMMAND_RELEASE. */
void known_know(struct step *step);
void known_release_name(struct step *step);

/* Frees all that is known. */
void known_release(struct hub *hub);

/* Why this session may not come in, or go by that nick once it is in. */
enum refusal known_refusal(const struct hub *hub, const struct session *session, const char *nick);

/* Notes that the session's account was used just now. */
void known_see(struct step *step, const struct session *session);

/* Gives the step's session, which has entered, what its account is entitled to. */
void known_entitle(struct step *step);

/* Takes away what it was entitled to, before it changes to that account (NULL: to none). */
void known_disentitle(struct step *step, const char *account);

#endif
