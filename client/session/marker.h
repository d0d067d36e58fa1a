/* How far the user has read, told to the server and heard from it: IRCv3 "read-marker". */
#ifndef SNUG_CLIENT_SESSION_MARKER_H
#define SNUG_CLIENT_SESSION_MARKER_H

#include <stdint.h>

struct incoming;
struct session;

/* Tells the server, if it does not know, once a second at most. */
void marker_step(struct session *s);

/* The same at once: there is no later. */
void marker_tell(struct session *s);

/* When it may be told; INT64_MAX: it is known. */
int64_t marker_deadline_ms(const struct session *s);

/* The server shall say it of a conversation; of rooms it does by itself. */
void marker_ask(struct session *s, const char *person);

/* How far the user has read, by MARKREAD; 0: nothing, or it is not known. */
int64_t marker_of(const struct incoming *in);

/* MARKREAD: how far the user has read there, perhaps with another program. */
void marker_hear(struct session *s, const struct incoming *in);

#endif
