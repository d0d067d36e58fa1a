/*
 * The terminal device: taken, written to without ever blocking, and left exactly as it was found.
 *
 * The device is opened anew, so that making it non-blocking touches no other program that shares
 * our standard streams. Between tty_take and tty_leave it is ours: raw, with the bytes of `enter`
 * written. A crash gives it back too. At most one tty exists in a program.
 *
 * Invariant: what waits to be written is at most one frame: tty_send is refused until it is gone,
 * so that a slow terminal skips frames instead of piling them up.
 * Knows no escape sequence and no loop.
 */
#ifndef SNUG_CLIENT_TERM_TTY_H
#define SNUG_CLIENT_TERM_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct str;
struct tty;

/*
 * Opens the terminals behind standard input and output; `enter` and `leave` are copied and written
 * by tty_take and tty_leave. NULL, and `error` says why, if one of them is none. End: tty_close.
 */
struct tty *tty_open(const struct str *enter, const struct str *leave, struct str *error);

/* Leaves the terminal and gives the memory back. NULL is nothing to do. */
void tty_close(struct tty *tty);

/* These bytes, too, give the terminal back from now on, before the others. */
void tty_also_leave(struct tty *tty, const char *bytes);

/* Takes the terminal (again): raw mode and `enter`. False with errno set if it cannot be. */
bool tty_take(struct tty *tty);

/* Writes what still waits, for a second at most, and gives the terminal back as it was found. */
void tty_leave(struct tty *tty);

/*
 * Stops this program, or with `whole_job` its process group as C-z does, and returns when it is
 * continued; the terminal is left before and taken again after.
 */
void tty_suspend(struct tty *tty, bool whole_job);

/* The descriptors to wait on for reading and for writing; borrowed. */
int tty_input_fd(const struct tty *tty);
int tty_output_fd(const struct tty *tty);

/* Says how large the terminal is; where it does not know, 24 rows of 80. */
void tty_size(const struct tty *tty, unsigned *n_rows, unsigned *n_cols);

/* Reads what was typed: the number of bytes, 0 when none waits, -1 when the terminal is gone. */
ssize_t tty_read(struct tty *tty, char *bytes, size_t size);

/* Says whether nothing waits to be written: whether tty_send would take a frame. */
bool tty_idle(const struct tty *tty);

/*
 * Takes all of `frame` (which is empty afterwards) and writes what the terminal takes now; the rest
 * waits for tty_flush. Only when tty_idle. False when the terminal is gone.
 */
bool tty_send(struct tty *tty, struct str *frame);

/* Writes more of what waits, once tty_output_fd is writable. False when the terminal is gone. */
bool tty_flush(struct tty *tty);

#endif
