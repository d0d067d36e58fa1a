/* Being one more device of a name that one owns already. */
#ifndef SNUG_CLIENT_SESSION_DEVICE_H
#define SNUG_CLIENT_SESSION_DEVICE_H

#include <stdbool.h>

struct incoming;
struct session;

struct device {
    char *code; /* that makes us a further device of a name; NULL: none */
    char *label;
    bool waits; /* for the answer to DEVICE ADD, on the way in */
};

/* Says the code, if there is one. True: its answer is to be waited for. */
bool device_begin(struct session *s);

/* 900: who has not said which nick he wants wants that of his account. */
void device_logged_in(struct session *s, const struct incoming *in);

/* A NOTE, which may say that we are one of the devices of an account now. True: that was waited for. */
bool device_added(struct session *s, const struct incoming *in);

/* Whether the NOTE says that another device is one of ours now. */
bool device_is_news(const struct incoming *in);

/* FAIL, 421 or 451: true if it refuses the code that was said on the way in. */
bool device_refused(struct session *s, const struct incoming *in);

#endif
