/* A command of the user's, run for each message that is heard, one after the other in their order.
 *
 * The shell gets the command as the user wrote it, and nothing else: what others said is data, on the
 * command's standard input and in its environment (SNUG_TYPE, SNUG_TIME, SNUG_ROOM, SNUG_NICK,
 * SNUG_TEXT). At most EXEC_MAX_WAITING messages wait for it; those beyond are left out, and that is
 * said. */
#ifndef SNUG_CLIENT_LINEMODE_EXEC_H
#define SNUG_CLIENT_LINEMODE_EXEC_H

#include <uv.h>

#include "client/model/buffer.h"
#include "client/model/line.h"

enum { EXEC_MAX_WAITING = 1000 };

struct linemode_exec;

/* Nothing runs yet; copies the command. */
struct linemode_exec *linemode_exec_new(uv_loop_t *loop, const char *command);

/* Forgets what waits, and says how much that is. Nothing is to be added any more. NULL is none. */
void linemode_exec_end(struct linemode_exec *exec);

/* Leaves a command that runs alone. After linemode_exec_end, and after the loop has closed its handles. */
void linemode_exec_free(struct linemode_exec *exec);

/* Runs the command with this message when its turn comes; copies what it needs. */
void linemode_exec_add(struct linemode_exec *exec, const struct buffer *buffer,
                       const struct buffer_line *line);

#endif
