/* Small files and the directories they lie in. Knows no program's places. */
#ifndef SNUG_COMMON_FILE_H
#define SNUG_COMMON_FILE_H

#include <stdbool.h>

#include "common/str.h"

/* Adds all that the file holds. False with errno set: it cannot be read, or (EFBIG) is larger than
 * the string may become. */
bool file_read(const char *path, struct str *out);

/* Makes a directory and those above it, each for its owner alone; `path` is as before afterwards.
 * False with errno set. */
bool file_make_directories(char *path);

#endif
