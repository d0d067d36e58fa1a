/* What programs ask each other, hidden in messages and notices: CTCP. */
#ifndef SNUG_CLIENT_SESSION_CTCP_H
#define SNUG_CLIENT_SESSION_CTCP_H

#include <stdint.h>

struct incoming;
struct session;

struct ctcp {
    int64_t window_ms; /* since when the answers are counted */
    unsigned n_answers;
    char *asked_nick;  /* whose program the user has asked for something last; NULL: nobody's */
    uint32_t asked_in; /* the buffer where he did */
};

/* The user asks somebody's program: the answer is shown in that buffer. */
void ctcp_asked(struct session *s, const char *nick, uint32_t buffer);

/* Somebody asks ours, with a PRIVMSG: it is said, and answered if it is one of ours to answer. */
void ctcp_requested(struct session *s, const struct incoming *in, const char *command,
                    const char *text);

/* Somebody's answers, with a NOTICE: it is said where it was asked. */
void ctcp_answered(struct session *s, const struct incoming *in, const char *command,
                   const char *text);

#endif
