/*
 * What may be a nick or a channel name on the wire, and how names and masks compare there.
 *
 * Names are UTF-8; CASEMAPPING is ascii. Limits are bytes. Sources: Modern IRC "Clients",
 * "Channels", "Wildcard Expressions". Knows no session and no room.
 */
#ifndef SNUG_COMMON_IRC_NAMES_H
#define SNUG_COMMON_IRC_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * Says whether the bytes may be a nick of at most `max_bytes`: ASCII letters, digits, []\`_^{|}-
 * (no digit or '-' in front) and harmless characters beyond ASCII that are not spaces.
 */
bool irc_nick_valid(const char *p, size_t len, size_t max_bytes);

/*
 * Says whether the bytes may be a channel name of at most `max_bytes`: '#', then at least one
 * character; harmless UTF-8 without spaces, ',', ':', '*' and '?'.
 */
bool irc_channel_valid(const char *p, size_t len, size_t max_bytes);

/*
 * Says whether `text` fits `mask`: '*' any characters, '?' one, '\' takes a following '*' or '?' for
 * itself; ASCII case does not matter. Takes at most len(mask) * len(text) steps, whatever the mask.
 */
bool irc_mask_match(const char *mask, const char *text);

/* Says whether the text holds a wildcard that is not escaped. */
bool irc_is_mask(const char *text);

#endif
