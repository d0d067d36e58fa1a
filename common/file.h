/* Small files and the directories they lie in. Knows no program's places. */
#ifndef SNUG_COMMON_FILE_H
#define SNUG_COMMON_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "common/str.h"

/* Adds all that the file holds. False with errno set: it cannot be read, or (EFBIG) is larger than
 * the string may become. */
bool file_read(const char *path, struct str *out);

/* Whether the path names a pipe: what came through it cannot be read again, and whoever tries may wait
 * for ever. */
bool file_is_pipe(const char *path);

/* Writes out what the file still buffers; to be called right after writing to it. False with one line
 * in *error if anything, now or before, could not be written. */
bool file_finish(FILE *file, struct str *error);

/* Makes a directory and those above it, each for its owner alone; `path` is as before afterwards.
 * False with errno set. */
bool file_make_directories(char *path);

/* Writes all of it, in as many calls as that takes. False with errno set: a part may be written. */
bool file_write_all(int fd, const char *bytes, size_t len);

/* Adds where the links at `path` lead to, or `path` where there is nothing yet: what is to be replaced where people
 * keep such files together. False with errno set: a link leads nowhere, or it cannot be told. */
bool file_follow(const char *path, struct str *real);

/* Puts a new file of that mode in the place of the one at `path`: it is on the disk before it has the name.
 * A link there is replaced, not followed. False with errno set: all is as before. */
bool file_replace(const char *path, const char *bytes, size_t len, mode_t mode);

/* For the beginning of a program: takes the places of standard streams that are closed, so that nothing
 * that is opened later is taken for one of them. Whoever uses them is still told EBADF. */
void file_fill_standard(void);

#endif
