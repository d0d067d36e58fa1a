#include "common/file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
