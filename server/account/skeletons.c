#include "server/account/skeletons.h"

#include <stdlib.h>
#include <string.h>

#include <unicode/uspoof.h>

#include "common/alloc.h"

enum {
    ASCII = 128,
    SKELETON_BYTES = 4096, /* of one name */
    PROTOTYPE_BYTES = 8,   /* of one character of ASCII */
};

struct skeletons {
    USpoofChecker *checker;
    char ascii[ASCII][PROTOTYPE_BYTES]; /* what each character looks like by itself */
};

/* Writes a skeleton with its NUL; false if there is none, or it does not fit. */
static bool skeleton(const struct skeletons *skeletons, const char *name, char *out, int32_t size)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t len = uspoof_getSkeletonUTF8(skeletons->checker, 0, name, -1, out, size, &error);
    return U_SUCCESS(error) && len < size;
}

/* Almost all names are ASCII, and ICU takes as long for one as the rest of a nick change. */
static bool read_ascii(struct skeletons *skeletons)
{
    for (int c = 1; c < ASCII; c++) {
        const char text[] = {(char)c, '\0'};
        if (!skeleton(skeletons, text, skeletons->ascii[c], PROTOTYPE_BYTES))
            return false;
    }
    return true;
}

struct skeletons *skeletons_new(void)
{
    struct skeletons *skeletons = xcalloc(1, sizeof *skeletons);
    UErrorCode error = U_ZERO_ERROR;
    skeletons->checker = uspoof_open(&error);
    if (U_SUCCESS(error) && read_ascii(skeletons))
        return skeletons;
    skeletons_free(skeletons);
    return NULL;
}

void skeletons_free(struct skeletons *skeletons)
{
    if (!skeletons)
        return;
    uspoof_close(skeletons->checker);
    free(skeletons);
}

static bool is_ascii(const char *name)
{
    while (*name && (unsigned char)*name < ASCII)
        name++;
    return *name == '\0';
}

void skeletons_write(void *ctx, struct str *out, const char *name)
{
    const struct skeletons *skeletons = ctx;
    if (is_ascii(name)) {
        for (; *name; name++)
            str_adds(out, skeletons->ascii[(unsigned char)*name]);
        return;
    }
    char text[SKELETON_BYTES];
    str_adds(out, skeleton(skeletons, name, text, sizeof text) ? text : name);
}
