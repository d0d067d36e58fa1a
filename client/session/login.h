/* Proving who we are by our certificate: SASL EXTERNAL. */
#ifndef SNUG_CLIENT_SESSION_LOGIN_H
#define SNUG_CLIENT_SESSION_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

struct incoming;
struct session;

/* Whether what a server offers, "sasl=PLAIN,EXTERNAL", is of use to us. */
bool login_wanted(const struct session *s, const char *offer, size_t len);

/* The server has agreed to it: begins, with the code of a device if there is one. */
void login_begin(struct session *s);

/* AUTHENTICATE: the server wants to know as whom. */
void login_challenge(struct session *s, const struct incoming *in);

/* 903 to 907: it is over, well or not. True: that was waited for. */
bool login_done(struct session *s, const struct incoming *in);

#endif
