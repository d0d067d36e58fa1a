/*
 * Runs programs of the user's: his own command when somebody speaks to him, and what opens links.
 *
 * Bounded: while LAUNCHER_MAX_RUNNING of them run, no further one is started. Their output goes
 * nowhere. Knows neither model nor terminal.
 */
#ifndef SNUG_CLIENT_FULLSCREEN_LAUNCHER_H
#define SNUG_CLIENT_FULLSCREEN_LAUNCHER_H

#include <uv.h>

enum {
    LAUNCHER_MAX_RUNNING = 4,
    LAUNCHER_MAX_WORDS = 16, /* of a command that is not given to sh */
};

enum launcher_result {
    LAUNCHER_RUNS,
    LAUNCHER_BUSY,     /* so many run already */
    LAUNCHER_TOO_LONG, /* the command has more than LAUNCHER_MAX_WORDS words */
    LAUNCHER_FAILED,   /* there is no such program, or the system has no room for it */
};

struct launcher;

/* End: launcher_free, before the loop is closed; commands that run go on by themselves. */
struct launcher *launcher_new(uv_loop_t *loop);
void launcher_free(struct launcher *launcher);

/* Lets sh run the command, with SNUG_NICK, SNUG_ROOM and SNUG_TEXT in its environment. */
enum launcher_result launcher_notify(struct launcher *launcher, const char *command,
                                     const char *nick, const char *room, const char *text);

/* Runs the command, whose words are separated by blanks, with the link as a further argument. */
enum launcher_result launcher_open(struct launcher *launcher, const char *command,
                                   const char *link);

#endif
