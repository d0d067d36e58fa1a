#include "server/account/likeness.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uspoof.h>

#include "common/alloc.h"

enum {
    ASCII = 128,
    SKELETON_BYTES = 4096, /* of one name */
    PROTOTYPE_BYTES = 8,   /* of one character of ASCII */
};

struct likeness {
    USpoofChecker *checker;
    char ascii[ASCII][PROTOTYPE_BYTES]; /* what each character looks like by itself */
};

/* Writes a skeleton with its NUL; false if there is none, or it does not fit. */
static bool skeleton(const struct likeness *likeness, const char *name, char *out, int32_t size)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = uspoof_getSkeletonUTF8(likeness->checker, 0, name, -1, out, size, &error);
    return U_SUCCESS(error) && len < size;
}

/* Almost all names are ASCII, and ICU takes as long for one as the rest of a nick change. */
static bool read_ascii(struct likeness *likeness)
{
    for (int c = 1; c < ASCII; c++) {
        const char text[] = {(char)c, '\0'};
        if (!skeleton(likeness, text, likeness->ascii[c], PROTOTYPE_BYTES))
            return false;
    }
    return true;
}

struct likeness *likeness_new(void)
{
    struct likeness *likeness = xcalloc(1, sizeof *likeness);
    UErrorCode error = U_ZERO_ERROR;
    likeness->checker = uspoof_open(&error);
    if (U_SUCCESS(error) && read_ascii(likeness))
        return likeness;
    likeness_free(likeness);
    return NULL;
}

void likeness_free(struct likeness *likeness)
{
    if (!likeness)
        return;
    uspoof_close(likeness->checker);
    free(likeness);
}

static bool is_ascii(const char *name)
{
    while (*name && (unsigned char)*name < ASCII)
        name++;
    return *name == '\0';
}

void likeness_write(void *ctx, struct str *out, const char *name)
{
    const struct likeness *likeness = ctx;
    if (is_ascii(name)) {
        for (; *name; name++)
            str_adds(out, likeness->ascii[(unsigned char)*name]);
        return;
    }
    char text[SKELETON_BYTES];
    str_adds(out, skeleton(likeness, name, text, sizeof text) ? text : name);
}
