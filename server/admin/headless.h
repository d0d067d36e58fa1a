/* What a server without a screen shows on its standard output: who comes and goes, what is said if
 * that is wanted, and its status on SIGUSR1. With a console it can be told to stop. */
#ifndef SNUG_SERVER_ADMIN_HEADLESS_H
#define SNUG_SERVER_ADMIN_HEADLESS_H

#include "server/run/loop.h"

struct headless_config {
    bool echo;                       /* print what is said in rooms */
    bool console;                    /* take the operator's lines from standard input */
    int (*ahead_s)(int64_t time_ms); /* how far the clock on the wall is ahead of UTC, in seconds */
};

struct headless;

/* Begins to watch a loop; all are borrowed until headless_free(). NULL if standard input cannot be a
 * console. */
struct headless *headless_new(struct loop *loop, const struct hub *hub, const struct store *store,
                              const struct headless_config *config);

/* Watches no more, and frees itself when the loop has run: before loop_free(). */
void headless_free(struct headless *headless);

#endif
