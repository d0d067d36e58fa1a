/* Bans of somebody by nick: the server is asked first who that is. */
#ifndef SNUG_CLIENT_SESSION_BAN_H
#define SNUG_CLIENT_SESSION_BAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct incoming;
struct intent;
struct session;

enum { BANS_MAX = 8 /* that wait for the server to say whom they are about */ };

/* Somebody to be kept out of a room, or let in again. */
struct ban_request {
    char *nick, *room;
    char *host, *account; /* NULL: not known yet, or none */
    uint32_t buffer;      /* where it was typed */
    bool lift;
};

/* True: the server was asked who that is, and the ban follows. */
bool ban_asks(struct session *s, const struct intent *intent);

/* True: the numeric answers that, and nothing else. */
bool ban_hears(struct session *s, const struct incoming *in);

/* Forgets those that wait. */
void ban_release(struct session *s);

#endif
