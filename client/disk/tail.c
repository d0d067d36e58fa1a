#include "client/disk/tail.h"

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

void tail_init(struct tail *tail, int fd, size_t len)
{
    *tail = (struct tail){.fd = fd, .len = len, .maps = keeps_its_blocks(fd), .padded = true};
}

static void unmap(struct tail *tail)
{
    if (tail->window)
        munmap(tail->window, TAIL_WINDOW_BYTES);
    tail->window = NULL;
}

static bool trim(struct tail *tail)
{
    if (tail->padded && ftruncate(tail->fd, (off_t)tail->len) != 0)
        return false;
    tail->padded = false;
    return true;
}

bool tail_release(struct tail *tail)
{
    unmap(tail);
    return trim(tail);
}

static bool is_in_window(const struct tail *tail, size_t len)
{
    return tail->window && tail->len + len <= tail->window_at + TAIL_WINDOW_BYTES;
}

/* Maps the end anew so that `len` more bytes fit; false if that cannot be. */
static bool map(struct tail *tail, size_t len)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), at = tail->len / page * page;
    if (!tail->maps || tail->len + len > at + TAIL_WINDOW_BYTES)
        return false;
    unmap(tail);
    tail->padded = true;
    if (fallocate(tail->fd, 0, (off_t)at, TAIL_WINDOW_BYTES) != 0)
        return false;
    void *window =
        mmap(NULL, TAIL_WINDOW_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, tail->fd, (off_t)at);
    tail->window = window == MAP_FAILED ? NULL : window;
    tail->window_at = at;
    return tail->window != NULL;
}

/* Whatever is written in part is taken back, so that the next bytes do not begin inside of it. */
static bool write_whole(struct tail *tail, const char *bytes, size_t len)
{
    if (!trim(tail))
        return false;
    if (file_write_all(tail->fd, bytes, len))
        return true;
    int error = errno;
    tail->padded = true;
    (void)trim(tail); /* if not, the next one tries again */
    errno = error;
    return false;
}

bool tail_add(struct tail *tail, const char *bytes, size_t len)
{
    if (is_in_window(tail, len) || map(tail, len)) {
        memcpy(tail->window + (tail->len - tail->window_at), bytes, len);
    } else {
        unmap(tail);
        if (!write_whole(tail, bytes, len))
            return false;
    }
    tail->len += len;
    return true;
}
