/* Rooms that could not be entered for now are asked for again. */
#ifndef SNUG_CLIENT_SESSION_REJOIN_H
#define SNUG_CLIENT_SESSION_REJOIN_H

#include <stdbool.h>
#include <stdint.h>

struct incoming;
struct session;

struct rejoin {
    int64_t at_ms; /* when rooms are asked for again; 0: none is */
    bool told;     /* the user knows that they will be */
};

/* A connection begins: no room waits. */
void rejoin_begin(struct session *s);

/* A FAIL that answers nothing the user has said. True: it is known already that a room waits. */
bool rejoin_failed(struct session *s, const struct incoming *in);

/* Asks for those rooms again if it is time. */
void rejoin_step(struct session *s);

/* When that will be; INT64_MAX: there is none. */
int64_t rejoin_deadline_ms(const struct session *s);

#endif
