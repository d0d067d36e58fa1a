/* What people say, put beside messages, and take back. */
#ifndef SNUG_CLIENT_SESSION_TALK_H
#define SNUG_CLIENT_SESSION_TALK_H

struct incoming;
struct session;

/* Each takes the command of its name, and shows what it says, or does it to the lines that it is about;
 * ours that come back are settled. */
void talk_privmsg(struct session *s, const struct incoming *in);
void talk_notice(struct session *s, const struct incoming *in);
void talk_tagmsg(struct session *s, const struct incoming *in);
void talk_redact(struct session *s, const struct incoming *in);

#endif
