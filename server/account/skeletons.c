#include "server/account/skeletons.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/uspoof.h>
#include <unicode/utf8.h>

#include "common/alloc.h"

enum {
    ASCII = 128,
    SKELETON_BYTES = 128, /* of one character */
    PROTOTYPE_BYTES = 8,  /* of one of ASCII */
};

struct skeletons {
    USpoofChecker *checker;
    char ascii[ASCII][PROTOTYPE_BYTES]; /* what each character looks like by itself */
};

/* Writes the skeleton of some bytes with its NUL; false if there is none, or it does not fit. */
static bool skeleton(const struct skeletons *skeletons, const char *bytes, int32_t len, char *out,
                     int32_t size)
{
    UErrorCode error = U_ZERO_ERROR;
    int32_t written = uspoof_getSkeletonUTF8(skeletons->checker, 0, bytes, len, out, size, &error);
    return U_SUCCESS(error) && written < size;
}

/* Almost all names are ASCII, and ICU takes as long for one as the rest of a nick change. */
static bool read_ascii(struct skeletons *skeletons)
{
    for (int c = 1; c < ASCII; c++) {
        const char byte = (char)c;
        if (!skeleton(skeletons, &byte, 1, skeletons->ascii[c], PROTOTYPE_BYTES))
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

/* One character of a name; `code` is negative for a byte that is none. */
struct character {
    UChar32 code;
    const char *bytes;
    int32_t len;
};

/* Takes the next one off the name; false at its end. */
static bool next(const char **name, struct character *character)
{
    const char *bytes = *name;
    if (*bytes == '\0')
        return false;
    int32_t at = 0;
    UChar32 code;
    U8_NEXT((const uint8_t *)bytes, at, -1, code);
    *character = (struct character){.code = code, .bytes = bytes, .len = at};
    *name += at;
    return true;
}

/* What it looks like by itself. */
static const char *prototype(const struct skeletons *skeletons, const struct character *character,
                             char text[SKELETON_BYTES])
{
    if (character->code >= 0 && character->code < ASCII)
        return skeletons->ascii[character->code];
    if (character->code < 0 ||
        !skeleton(skeletons, character->bytes, character->len, text, SKELETON_BYTES))
        snprintf(text, SKELETON_BYTES, "%.*s", (int)character->len, character->bytes);
    return text;
}

static bool is_like_l(const char *prototype)
{
    return strcmp(prototype, "l") == 0;
}

/* Whether a name is written in capitals, as far as one can see: one alone may be the first of a word. */
static bool is_in_capitals(const struct skeletons *skeletons, const char *name)
{
    struct character character;
    char text[SKELETON_BYTES];
    int capitals = 0;
    while (next(&name, &character)) {
        if (is_like_l(prototype(skeletons, &character, text)))
            continue;
        if (u_islower(character.code))
            return false;
        capitals += u_isupper(character.code) != 0;
    }
    return capitals > 1;
}

/* Whether what is drawn like an l is an i to that reader. A figure at the end of a word is a number. */
static bool is_i(const struct character *character, const char *rest, enum skeleton reader,
                 bool capitals)
{
    struct character after;
    if (reader != SKELETON_GUESSED)
        return reader == SKELETON_KNOWN && u_isupper(character->code);
    bool within = next(&rest, &after) && u_isalpha(after.code);
    return capitals || (within && !u_isalpha(character->code));
}

void skeletons_write(void *ctx, struct str *out, const char *name, enum skeleton reader)
{
    const struct skeletons *skeletons = ctx;
    bool capitals = reader == SKELETON_GUESSED && is_in_capitals(skeletons, name);
    struct character character;
    char text[SKELETON_BYTES];
    while (next(&name, &character)) {
        const char *drawn = prototype(skeletons, &character, text);
        bool is_an_i = is_like_l(drawn) && is_i(&character, name, reader, capitals);
        str_adds(out, is_an_i ? "i" : drawn);
    }
}
