/* The operator's lines on standard input: /quit, /status, /help; the end of input is a /quit. */
#ifndef SNUG_SERVER_ADMIN_CONSOLE_H
#define SNUG_SERVER_ADMIN_CONSOLE_H

#include <uv.h>

struct console_owner {
    void *ctx;
    void (*quit)(void *ctx);
    void (*status)(void *ctx);
    void (*say)(void *ctx, const char *line); /* to the operator; without a line end */
};

struct console;

/* Reads standard input, a terminal or a pipe; copies the owner. It does not keep the loop running.
 * NULL if nothing can be waited for there. */
struct console *console_new(uv_loop_t *loop, const struct console_owner *owner);

/* Stops reading, leaves standard input as it was, and frees itself when the loop has run. */
void console_free(struct console *console);

#endif
