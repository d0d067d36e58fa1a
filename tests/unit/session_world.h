/*
 * The session as transcripts: what the server says (S:), what the user enters (U:), what must be
 * sent next (C:), and what the newest line of a buffer must be then (V:). Further steps:
 *
 *   connect              a connection stands, the time does not move
 *   connect in TLS       the same, encrypted and with a certificate of ours
 *   lost                 the connection is gone
 *   T: 500               half a second later
 *   quiet                nothing more was sent
 *   away, here           the user is, as the status line shows it
 *   V: #lobby | talk bob hello        the newest line; an own line says its state behind: [pending]
 *   N: #lobby | @ada bob              the members
 *   online               connect, and the whole way to #lobby as a server with no capability gives it
 *   PONG                 the server answers the newest PING, which was not looked at
 *   K: <M-Up>r           keys are pressed, as in press.h
 *   B: #lobby bob        the buffers beside the server's
 *   A: #lobby | join ada / talk bob hello    all lines of a buffer; "-- " stands before
 *                        the first unread one, "-- away -- " if the divider says how long
 */
#ifndef SNUG_TESTS_UNIT_SESSION_WORLD_H
#define SNUG_TESTS_UNIT_SESSION_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "client/model/traffic.h"
#include "client/session/session.h"
#include "common/str.h"

#define WORLD_START_MS INT64_C(1795000000000)

struct world {
    struct model *model;
    struct session *session;
    int64_t now_ms;
    struct str sent;    /* not looked at yet */
    char last_ping[64]; /* the token of the newest PING of the client */
};

/* A session that is to be in those rooms (NULL-ended; NULL: none), not connected. */
void world_init(struct world *w, const char *const *rooms);
void world_release(struct world *w);

/* The user enters a line in the current buffer. */
void world_enters(struct world *w, const char *line);

/* Lets the session act, and takes what it says. */
void world_step(struct world *w);

/* The server answers the newest PING. */
void world_pong(struct world *w);

/* Plays one step, or a NULL-ended list of them. */
void world_act(struct world *w, const char *step);
void world_play(struct world *w, const char *const *script);

/* Plays the list in a world of its own. */
void world_run(const char *const *script);

#define TRANSCRIPT(name, ...)                                                                      \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        static const char *const script[] = {__VA_ARGS__, NULL};                                   \
        world_run(script);                                                                         \
    }

#define WITH_CAPS(list)                                                                            \
    "connect", "C: CAP LS :302", "C: NICK :ada", "C: USER ada 0 * :Ada L", "S: CAP * LS :" list,   \
        "C: CAP REQ :" list, "S: CAP * ACK :" list, "C: CAP :END", "S: :irc.lab 001 ada :Welcome", \
        "S: :ada!ada@host JOIN #lobby", "PONG"

#endif
