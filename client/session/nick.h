/* The nick that we want: on the way in another one while it is not to be had, and itself once it is free. */
#ifndef SNUG_CLIENT_SESSION_NICK_H
#define SNUG_CLIENT_SESSION_NICK_H

#include <stdbool.h>

struct incoming;
struct session;

/* A nick is refused. True: it is one that we asked for by ourselves, and that was dealt with. */
bool nick_refused(struct session *s, const struct incoming *in);

/* Asks for the wanted one. */
void nick_reclaim(struct session *s);

/* Nobody has that nick any more: if it is the wanted one, asks for it. */
void nick_freed(struct session *s, const char *nick);

#endif
