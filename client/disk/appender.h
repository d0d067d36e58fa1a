/*
 * Adds bytes to the end of a file: the system has them at once, so that a kill of the program does not
 * reach them.
 *
 * Where blocks can be had before anything is written to them, the end is mapped, and to add is to copy:
 * no call of the system stands between a key and its echo. Elsewhere, and while there are none to be
 * had, it is write(). Behind the bytes there may be zeros, until appender_release(). Knows nothing of
 * what the bytes mean.
 */
#ifndef SNUG_CLIENT_DISK_APPENDER_H
#define SNUG_CLIENT_DISK_APPENDER_H

#include <stdbool.h>
#include <stddef.h>

enum { APPENDER_WINDOW_BYTES = 64 * 1024 }; /* a multiple of any page */

struct appender {
    int fd;       /* borrowed; opened with O_RDWR | O_APPEND */
    size_t len;   /* of the bytes */
    bool maps;    /* the file system keeps its word about blocks that it gave */
    bool padded;  /* the file may be longer */
    char *window; /* what is mapped of the file, from `window_at` on; NULL: nothing */
    size_t window_at;
};

/* Begins behind the first `len` bytes of the file; what it has behind them is not wanted. */
void appender_init(struct appender *appender, int fd, size_t len);

/* Cuts off the zeros behind the bytes, and lets go of the file. False, and errno, if they stay. */
bool appender_release(struct appender *appender);

/* Adds all of it or, false with errno set, nothing. */
bool appender_add(struct appender *appender, const char *bytes, size_t len);

#endif
