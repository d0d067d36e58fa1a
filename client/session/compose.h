/* Intents worded as lines of IRC. */
#ifndef SNUG_CLIENT_SESSION_COMPOSE_H
#define SNUG_CLIENT_SESSION_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>

struct awaited;
struct intent;
struct session;

/* Whether what was heard already may be said again, since the server notices. */
bool compose_has_ids(const struct session *s);

/* About how many bytes of text one message holds. */
size_t compose_text_bytes(const struct session *s);

/* Puts the intent behind what waits to be sent. */
void compose_intent(struct session *s, const struct intent *intent);

/* Cuts the text, which is that of speech, into the entry's messages, or leaves it whole as one. */
void compose_speech(const struct session *s, struct awaited *entry, const char *text);

/* Writes the entry's next message, or its command. */
void compose_next(struct session *s, struct awaited *entry);

#endif
