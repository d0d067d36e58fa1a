/* Messages and topics. */
#ifndef SNUG_SERVER_CORE_RULES_SPEECH_H
#define SNUG_SERVER_CORE_RULES_SPEECH_H

#include "server/core/rules/step.h"

/* The rules of COMMAND_SPEAK, COMMAND_SIGN and COMMAND_TOPIC. */
void speech_speak(struct step *step);
void speech_sign(struct step *step);
void speech_topic(struct step *step);

/* The ends of their entries. */
void speech_tailed(struct step *step, const struct event *event);
void speech_topic_tailed(struct step *step, const struct event *event);
void speech_failed(struct step *step, const struct event *event);

/* What was said is in the log already, as `first`: only its speaker is told, as if it were new. */
void speech_repeated(struct step *step, const struct event *event, const struct event *first);

#endif
