/*
 * The end of a file, where bytes are added: the system has them at once, so that a kill of the program
 * does not reach them.
 *
 * Where blocks can be had before anything is written to them, the end is mapped, and to add is to copy:
 * no call of the system stands between a key and its echo. Elsewhere, and while there are none to be
 * had, it is write(). Behind the bytes there may be zeros, until tail_release(). Knows nothing of what the
 * bytes mean.
 */
#ifndef SNUG_CLIENT_DISK_TAIL_H
#define SNUG_CLIENT_DISK_TAIL_H

#include <stdbool.h>
#include <stddef.h>

enum { TAIL_WINDOW_BYTES = 64 * 1024 }; /* a multiple of any page */

struct tail {
    int fd;       /* borrowed; opened with O_RDWR | O_APPEND */
    size_t len;   /* of the bytes */
    bool maps;    /* the file system keeps its word about blocks that it gave */
    bool padded;  /* the file may be longer */
    char *window; /* what is mapped of the file, from `window_at` on; NULL: nothing */
    size_t window_at;
};

/* The end of a file that has `len` bytes, and perhaps more that are not wanted. */
void tail_init(struct tail *tail, int fd, size_t len);

/* Cuts off the zeros behind the bytes, and lets go of the file. False, and errno, if they stay. */
bool tail_release(struct tail *tail);

/* Adds all of it or, false with errno set, nothing. */
bool tail_add(struct tail *tail, const char *bytes, size_t len);

#endif
