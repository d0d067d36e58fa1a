/* Who is in which room, under which name; and the rooms' topics. */
#ifndef SNUG_CLIENT_SESSION_ROOMS_H
#define SNUG_CLIENT_SESSION_ROOMS_H

#include <stdbool.h>

struct incoming;
struct session;

/* Each takes the command or the numeric of its name, changes the model as it says, unless it is of the
 * past, and shows it in the rooms that it is about. */
void rooms_join(struct session *s, const struct incoming *in);
void rooms_part(struct session *s, const struct incoming *in);
void rooms_rename(struct session *s, const struct incoming *in);
void rooms_kick(struct session *s, const struct incoming *in);
void rooms_quit(struct session *s, const struct incoming *in);
void rooms_nick(struct session *s, const struct incoming *in);
void rooms_mode(struct session *s, const struct incoming *in);
void rooms_topic(struct session *s, const struct incoming *in);
void rooms_away(struct session *s, const struct incoming *in);
void rooms_invite(struct session *s, const struct incoming *in);
void rooms_names_reply(struct session *s, const struct incoming *in);
void rooms_names_end(struct session *s, const struct incoming *in);
void rooms_topic_reply(struct session *s, const struct incoming *in);
void rooms_no_topic(struct session *s, const struct incoming *in);

/* FAIL JOIN CHANNEL_RENAMED, or 470: true if it says that a room is called otherwise than when we were there.
 * It is entered under its new name, and keeps its buffer. */
bool rooms_moved(struct session *s, const struct incoming *in);

#endif
