/*
 * Runs the user's own command when somebody speaks to him.
 *
 * Bounded: while NOTIFIER_MAX_RUNNING of them run, no further one is started. Their output goes
 * nowhere. Knows neither model nor terminal.
 */
#ifndef SNUG_CLIENT_NOTIFIER_H
#define SNUG_CLIENT_NOTIFIER_H

#include <stdbool.h>
#include <uv.h>

enum { NOTIFIER_MAX_RUNNING = 4 };

struct notifier;

/* End: notifier_free, before the loop is closed; commands that run go on by themselves. */
struct notifier *notifier_new(uv_loop_t *loop);
void notifier_free(struct notifier *notifier);

/* Lets sh run the command, with SNUG_NICK, SNUG_ROOM and SNUG_TEXT in its environment. */
void notifier_run(struct notifier *notifier, const char *command, const char *nick,
                  const char *room, const char *text);

/* Runs the command, whose words are separated by blanks, with the link as a further argument. False: it
 * cannot be run, or too many run. */
bool notifier_open(struct notifier *notifier, const char *command, const char *link);

#endif
