/*
 * Lines of a descriptor, taken when they are wanted: what is not taken waits in the pipe or file.
 *
 * Works with pipes, terminals, sockets and plain files, which no loop can wait for. At most
 * INPUT_MAX_LINE_BYTES of a line and one read are held.
 */
#ifndef SNUG_CLIENT_LINEMODE_INPUT_H
#define SNUG_CLIENT_LINEMODE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum { INPUT_MAX_LINE_BYTES = 16000 };

enum linemode_input_result {
    INPUT_LINE,
    INPUT_BAD_LINE, /* too long, or with a NUL in it; it is skipped */
    INPUT_WAIT,     /* `ready` will be called */
    INPUT_END,      /* no line will come any more */
};

struct linemode_input;

/* Reads `fd`, which stays the caller's, with all its flags; `ready` is called when there may be a line to
 * take. */
struct linemode_input *linemode_input_new(uv_loop_t *loop, int fd, void (*ready)(void *owner),
                                          void *owner);

/* Gives the memory back, as the loop closes its handles. NULL is none, here, at the pause and for the
 * error. */
void linemode_input_free(struct linemode_input *input);

/* Takes the next line, borrowed until the next call. A last one needs no newline. */
enum linemode_input_result linemode_input_next(struct linemode_input *input, const char **text,
                                               size_t *len);

/* Says whether linemode_input_next has returned INPUT_END. */
bool linemode_input_ended(const struct linemode_input *input);

/* Returns the errno of what cut the input off; 0: it has ended by itself, or has not yet. */
int linemode_input_error(const struct linemode_input *input);

/* Calls `ready` no more. */
void linemode_input_pause(struct linemode_input *input);

#endif
