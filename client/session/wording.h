/*
 * Numerics in words: what a server's answer says, for people. Pure.
 *
 * Sources: Modern IRC, "Numerics"; those of other servers as they send them.
 */
#ifndef SNUG_CLIENT_SESSION_WORDING_H
#define SNUG_CLIENT_SESSION_WORDING_H

#include <stdbool.h>

#include "common/irc/message.h"
#include "common/str.h"

/* Appends what the answer says; nothing if it only ends others or is of no use to anybody. Of one that
 * is not known, its parameters. */
void wording_reply(const struct irc_message *m, struct str *out);

/* The same for a refusal. */
void wording_refusal(const struct irc_message *m, struct str *out);

/* The same for FAIL command code context... :description. */
void wording_failure(const struct irc_message *m, struct str *out);

/* Appends what the modes of a room, "+ntk", mean: "only members may speak (n), ...". */
void wording_modes(const char *modes, struct str *out);

#endif
