#include "client/disk/appender.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/file.h"

/* Of statfs(2). */
enum {
    FS_EXT4 = 0xef53,
    FS_XFS = 0x58465342,
    FS_TMPFS = 0x01021994,
};

/* Others may write what was changed to a new block, for which there may be no room: then the store that
 * did it ends the program by SIGBUS. */
static bool keeps_its_blocks(int fd)
{
    struct statfs system;
    if (fstatfs(fd, &system) != 0)
        return false;
    return system.f_type == FS_EXT4 || system.f_type == FS_XFS || system.f_type == FS_TMPFS;
}

void appender_init(struct appender *appender, int fd, size_t len)
{
    *appender =
        (struct appender){.fd = fd, .len = len, .maps = keeps_its_blocks(fd), .padded = true};
}

static void unmap(struct appender *appender)
{
    if (appender->window)
        munmap(appender->window, APPENDER_WINDOW_BYTES);
    appender->window = NULL;
}

static bool trim(struct appender *appender)
{
    if (appender->padded && ftruncate(appender->fd, (off_t)appender->len) != 0)
        return false;
    appender->padded = false;
    return true;
}

bool appender_release(struct appender *appender)
{
    unmap(appender);
    return trim(appender);
}

static bool is_in_window(const struct appender *appender, size_t len)
{
    return appender->window && appender->len + len <= appender->window_at + APPENDER_WINDOW_BYTES;
}

/* Maps the end anew so that `len` more bytes fit; false if that cannot be. */
static bool map(struct appender *appender, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), at = appender->len / page * page;
    if (!appender->maps || appender->len + len > at + APPENDER_WINDOW_BYTES)
        return false;
    unmap(appender);
    appender->padded = true;
    if (fallocate(appender->fd, 0, (off_t)at, APPENDER_WINDOW_BYTES) != 0)
        return false;
    void *window = mmap(NULL, APPENDER_WINDOW_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
                        appender->fd, (off_t)at);
    appender->window = window == MAP_FAILED ? NULL : window;
    appender->window_at = at;
    return appender->window != NULL;
}

/* Whatever is written in part is taken back, so that the next bytes do not begin inside of it. */
static bool write_whole(struct appender *appender, const char *bytes, size_t len)
{
    if (!trim(appender))
        return false;
    if (file_write_all(appender->fd, bytes, len))
        return true;
    int error = errno;
    appender->padded = true;
    (void)trim(appender); /* if not, the next one tries again */
    errno = error;
    return false;
}

bool appender_add(struct appender *appender, const char *bytes, size_t len)
{
    if (is_in_window(appender, len) || map(appender, len)) {
        memcpy(appender->window + (appender->len - appender->window_at), bytes, len);
    } else {
        unmap(appender);
        if (!write_whole(appender, bytes, len))
            return false;
    }
    appender->len += len;
    return true;
}
