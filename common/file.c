#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_MAX_BYTES = 4200 };

bool file_read(const char *path, struct str *out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    char bytes[4096];
    size_t count;
    while ((count = fread(bytes, 1, sizeof bytes, file)) > 0 && str_add(out, bytes, count))
        ;
    int number = ferror(file) ? errno : out->overflow ? EFBIG : 0;
    fclose(file);
    errno = number;
    return number == 0;
}

bool file_is_pipe(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISFIFO(info.st_mode);
}

bool file_finish(FILE *file, struct str *error)
{
    if (!ferror(file) && fflush(file) == 0)
        return true;
    str_addf(error, "cannot write: %s", strerror(errno));
    return false;
}

bool file_make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST)
            return false;
    }
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

bool file_write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n_written = write(fd, bytes, len);
        if (n_written < 0 && errno == EINTR)
            continue;
        if (n_written <= 0)
            return false;
        bytes += n_written;
        len -= (size_t)n_written;
    }
    return true;
}

bool file_follow(const char *path, struct str *real)
{
    struct stat status;
    char *found = realpath(path, NULL);
    if (!found) {
        int number = errno;
        bool is_new = number == ENOENT && lstat(path, &status) != 0;
        errno = number;
        return is_new && str_adds(real, path);
    }
    errno = ENAMETOOLONG;
    bool is_added = str_adds(real, found);
    free(found);
    return is_added;
}

/* Closes the descriptor in any case. */
static bool fill(int fd, const char *bytes, size_t len, mode_t mode)
{
    bool is_filled = fchmod(fd, mode) == 0 && file_write_all(fd, bytes, len) && fsync(fd) == 0;
    int number = errno;
    if (close(fd) != 0 && is_filled)
        return false;
    errno = number;
    return is_filled;
}

bool file_replace(const char *path, const char *bytes, size_t len, mode_t mode)
{
    struct str beside;
    str_init(&beside, PATH_MAX_BYTES);
    str_addf(&beside, "%s.XXXXXX", path);
    errno = ENAMETOOLONG;
    int fd = beside.overflow ? -1 : mkostemp(beside.data, O_CLOEXEC);
    bool is_done = fd >= 0 && fill(fd, bytes, len, mode) && rename(beside.data, path) == 0;
    int number = errno;
    if (fd >= 0 && !is_done)
        (void)unlink(beside.data);
    str_release(&beside);
    errno = number;
    return is_done;
}

void file_fill_standard(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        /* What is open can be used in one direction only, which is the other one. */
        if (fcntl(fd, F_GETFD) < 0)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    }
}
