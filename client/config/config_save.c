/* The configuration file, written anew: as a whole or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "client/config/config.h"
#include "common/file.h"

enum {
    FILE_MAX_BYTES = 1 << 20,
    PATH_MAX_BYTES = 4200,
};

/* The file that is to be written, and as it was. */
struct before {
    struct str path; /* where links lead to */
    struct str text;
    mode_t mode;
};

static bool fail(struct str *error, const char *what, const char *path, const char *why)
{
    str_addf(error, "cannot %s %.200s: %s", what, path, why);
    return false;
}

static bool follow(const char *path, struct before *before, struct str *error)
{
    return file_follow(path, &before->path) || fail(error, "write", path, strerror(errno));
}

/* A file that is not there is an empty one. */
static bool read_text(const char *path, struct before *before, struct str *error)
{
    struct stat status;
    before->mode = S_IRUSR | S_IWUSR;
    if (stat(before->path.data, &status) != 0)
        return errno == ENOENT || fail(error, "read", path, strerror(errno));
    if (!S_ISREG(status.st_mode))
        return fail(error, "write", path, "it is not a regular file");
    before->mode = status.st_mode & 07777;
    if (!file_read(before->path.data, &before->text))
        return fail(error, "read", path, strerror(errno));
    if (memchr(before->text.data, '\0', before->text.len))
        return fail(error, "read", path, "there is a NUL in it");
    return true;
}

/* Those above the file; what cannot be made shows when the file is opened. */
static void make_directories(struct str *path)
{
    char *slash = strrchr(path->data, '/');
    if (!slash || slash == path->data)
        return;
    *slash = '\0';
    (void)file_make_directories(path->data);
    *slash = '/';
}

static bool rewrite(const char *path, const struct settings *settings, struct before *before,
                    struct str *error)
{
    struct str after;
    str_init(&after, FILE_MAX_BYTES);
    make_directories(&before->path);
    errno = EFBIG;
    bool good = settings_rewrite(settings, before->text.data, &after) &&
                file_replace(before->path.data, after.data, after.len, before->mode);
    if (!good)
        fail(error, "write", path, strerror(errno));
    str_release(&after);
    return good;
}

bool config_save(const char *path, const struct settings *settings, struct str *error)
{
    struct before before = {0};
    str_init(&before.path, PATH_MAX_BYTES);
    str_init(&before.text, FILE_MAX_BYTES);
    bool good = follow(path, &before, error) && read_text(path, &before, error) &&
                rewrite(path, settings, &before, error);
    str_release(&before.path);
    str_release(&before.text);
    return good;
}
