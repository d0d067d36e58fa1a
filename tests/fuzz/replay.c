/* Runs a fuzz target on every file of the directories given; none at all is a failure. */
#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "common/alloc.h"
#include "common/str.h"
#include "tests/fuzz/target.h"

enum { MAX_INPUT_BYTES = 1 << 24, MAX_PATH_BYTES = 4096 };

static bool read_file(const char *path, struct str *content)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    char block[4096];
    size_t n;
    bool fits = true;
    while (fits && (n = fread(block, 1, sizeof block, in)) > 0)
        fits = str_add(content, block, n);
    bool good = fits && !ferror(in);
    fclose(in);
    return good;
}

/* Gives the target a block of exactly the input's size, so that a byte too far is noticed. */
static bool replay_file(const char *path)
{
    struct str content;
    str_init(&content, MAX_INPUT_BYTES);
    bool good = read_file(path, &content);
    if (good) {
        uint8_t *input = xmalloc(content.len);
        memcpy(input, content.data, content.len);
        LLVMFuzzerTestOneInput(input, content.len);
        free(input);
    } else {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    }
    str_release(&content);
    return good;
}

/* Returns how many inputs of the directory were run, or -1 if it or one of them cannot be read. */
static int replay_dir(const char *dir)
{
    DIR *entries = opendir(dir);
    if (!entries) {
        fprintf(stderr, "%s: %s\n", dir, strerror(errno));
        return -1;
    }
    int n = 0;
    for (struct dirent *entry; n >= 0 && (entry = readdir(entries));) {
        if (entry->d_name[0] == '.')
            continue;
        struct str path;
        str_init(&path, MAX_PATH_BYTES);
        str_addf(&path, "%s/%s", dir, entry->d_name);
        n = replay_file(path.data) ? n + 1 : -1;
        str_release(&path);
    }
    closedir(entries);
    return n;
}

int main(int argc, char **argv)
{
    int total = 0;
    for (int i = 1; i < argc; i++) {
        int n = replay_dir(argv[i]);
        if (n <= 0) {
            fprintf(stderr, "%s: no corpus to replay\n", argv[i]);
            return 1;
        }
        total += n;
    }
    if (!total) {
        fprintf(stderr, "usage: %s CORPUS-DIRECTORY...\n", argv[0]);
        return 1;
    }
    printf("%d inputs\n", total);
    return 0;
}
