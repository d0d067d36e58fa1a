#include "tests/scratch.h"

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

void scratch_make(char *template)
{
    if (!mkdtemp(template))
        abort();
}

void scratch_remove(const char *path)
{
    DIR *dir = opendir(path);
    if (!dir)
        return;
    for (struct dirent *file; (file = readdir(dir)) != NULL;)
        unlinkat(dirfd(dir), file->d_name, 0);
    closedir(dir);
    rmdir(path);
}
