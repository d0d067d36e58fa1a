#include "server/admin/descriptor.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 40 };

/* A file that is opened again would be written from its beginning. */
static bool has_no_position(int fd)
{
    struct stat info;
    return fstat(fd, &info) == 0 && (S_ISFIFO(info.st_mode) || isatty(fd));
}

int descriptor_reopen(int fd, int mode)
{
    char path[PATH_BYTES];
    if (!has_no_position(fd))
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* proc(5) */
    return open(path, mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}
