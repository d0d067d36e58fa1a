/* The configuration file, written anew: as a whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/config.h"

enum {
    FILE_MAX_BYTES = 1 << 20,
    PATH_MAX_BYTES = 4200,
};

static bool fail(struct str *error, const char *what, const char *path)
{
    str_addf(error, "cannot %s %.200s: %s", what, path, strerror(errno));
    return false;
}

/* A file that is not there is an empty one. */
static bool read_all(const char *path, struct str *text, struct str *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return errno == ENOENT || fail(error, "read", path);
    char bytes[4096];
    size_t len;
    bool fits = true;
    while (fits && (len = fread(bytes, 1, sizeof(bytes), file)) > 0)
        fits = str_add(text, bytes, len);
    bool good = !ferror(file);
    fclose(file);
    errno = good ? EFBIG : EIO;
    return (good && fits && strlen(text->data) == text->len) || fail(error, "read", path);
}

static bool write_all(const char *path, const struct str *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    size_t at = 0;
    ssize_t n = 0;
    while (at < text->len && (n = write(fd, text->data + at, text->len - at)) > 0)
        at += (size_t)n;
    bool good = at == text->len && fsync(fd) == 0;
    return close(fd) == 0 && good;
}

/* Its directories, as far as they are missing; what cannot be made shows when the file is opened. */
static void make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        (void)mkdir(path, 0700);
        *slash = '/';
    }
}

bool config_save(const char *path, const struct settings *settings, struct str *error)
{
    struct str before, after, beside;
    str_init(&before, FILE_MAX_BYTES);
    str_init(&after, FILE_MAX_BYTES);
    str_init(&beside, PATH_MAX_BYTES);
    bool good = read_all(path, &before, error) && str_addf(&beside, "%s.new", path);
    errno = EFBIG;
    if (good && !settings_rewrite(settings, before.data, &after))
        good = fail(error, "write", path);
    if (good)
        make_directories(beside.data);
    if (good && (!write_all(beside.data, &after) || rename(beside.data, path) != 0)) {
        good = fail(error, "write", path);
        (void)unlink(beside.data);
    }
    str_release(&before);
    str_release(&after);
    str_release(&beside);
    return good;
}
