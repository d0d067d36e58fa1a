#include "server/store/datadir.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/str.h"

enum { PATH_MAX_BYTES = 4096 };

/* Makes the directory and those above it. */
static bool make(const char *dir)
{
    struct str part;
    bool made = true;
    str_init(&part, PATH_MAX_BYTES);
    for (const char *at = dir; made && *at;) {
        at += strspn(at, "/");
        at += strcspn(at, "/");
        str_reset(&part);
        made = str_add(&part, dir, (size_t)(at - dir)) &&
               (mkdir(part.data, 0700) == 0 || errno == EEXIST || errno == EROFS ||
                errno == EACCES); /* it may be there all the same: opening it will tell */
    }
    if (part.overflow)
        errno = ENAMETOOLONG;
    str_release(&part);
    return made;
}

/* Whoever can write there can put a link in the place of a file. It is not set right by itself: it may
 * have been named by mistake, and be everybody's. */
static bool is_ours(const char *dir, struct str *error)
{
    struct stat status;
    if (stat(dir, &status) != 0 || (status.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return true; /* what cannot be looked at cannot be opened, which has words of its own */
    str_addf(error, "%s: others may write there; chmod 700 it, or choose another --data", dir);
    return false;
}

int datadir_lock(const char *dir, struct str *error)
{
    int fd = -1;
    struct str path;
    bool made = make(dir);
    if (made && !is_ours(dir, error))
        return -1;
    str_init(&path, PATH_MAX_BYTES);
    str_addf(&path, "%s/lock", dir);
    if (made)
        fd = open(path.data, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        str_addf(error, "%s: %s; choose another --data", dir, strerror(errno));
    } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        str_addf(error, "%s: in use by another snugd; stop it or choose another --data", dir);
        close(fd);
        fd = -1;
    }
    str_release(&path);
    return fd;
}

void datadir_database(const char *dir, struct str *path)
{
    str_addf(path, "%s/log.db", dir);
}
