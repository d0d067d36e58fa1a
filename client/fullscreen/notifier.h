/*
 * Runs the user's own command when somebody speaks to him.
 *
 * Bounded: while NOTIFIER_MAX_RUNNING of them run, no further one is started. Their output goes
 * nowhere. Knows neither model nor terminal.
 */
#ifndef SNUG_CLIENT_FULLSCREEN_NOTIFIER_H
#define SNUG_CLIENT_FULLSCREEN_NOTIFIER_H

#include <uv.h>

enum {
    NOTIFIER_MAX_RUNNING = 4,
    NOTIFIER_MAX_WORDS = 16, /* of a command that is not given to sh */
};

enum notifier_result {
    NOTIFIER_RUNS,
    NOTIFIER_BUSY,     /* so many run already */
    NOTIFIER_TOO_LONG, /* the command has more than NOTIFIER_MAX_WORDS words */
    NOTIFIER_FAILED,   /* there is no such program, or the system has no room for it */
};

struct notifier;

/* End: notifier_free, before the loop is closed; commands that run go on by themselves. */
struct notifier *notifier_new(uv_loop_t *loop);
void notifier_free(struct notifier *notifier);

/* Lets sh run the command, with SNUG_NICK, SNUG_ROOM and SNUG_TEXT in its environment. */
enum notifier_result notifier_run(struct notifier *notifier, const char *command, const char *nick,
                                  const char *room, const char *text);

/* Runs the command, whose words are separated by blanks, with the link as a further argument. */
enum notifier_result notifier_open(struct notifier *notifier, const char *command,
                                   const char *link);

#endif
