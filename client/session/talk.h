/* What people say, put beside messages, and take back; and what is hidden in it (CTCP). */
#ifndef SNUG_CLIENT_SESSION_TALK_H
#define SNUG_CLIENT_SESSION_TALK_H

#include <stdint.h>

struct incoming;
struct session;

struct ctcp {
    int64_t window_ms; /* since when the answers are counted */
    unsigned n_answers;
    char *asked_nick;  /* whose program the user has asked for something last; NULL: nobody's */
    uint32_t asked_in; /* the buffer where he did */
};

/* Each takes the command of its name, and shows what it says, or does it to the
 * lines that it is about; ours that come back are settled. */
void talk_privmsg(struct session *s, const struct incoming *in);
void talk_notice(struct session *s, const struct incoming *in);
void talk_tagmsg(struct session *s, const struct incoming *in);
void talk_redact(struct session *s, const struct incoming *in);

/* The user asks somebody's program: the answer is shown in that buffer. */
void talk_ctcp_asked(struct session *s, const char *nick, uint32_t buffer);

#endif
