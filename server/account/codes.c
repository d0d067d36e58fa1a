#include "server/account/codes.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "common/alloc.h"

enum {
    HALF = 10000,
    HALF_DIGITS = 4,
};

void codes_release(struct codes *codes)
{
    for (size_t i = 0; i < codes->count; i++)
        free(codes->items[i].key);
    free(codes->items);
    *codes = (struct codes){0};
}

static void drop(struct codes *codes, size_t at)
{
    free(codes->items[at].key);
    codes->count--;
    memmove(&codes->items[at], &codes->items[at + 1], (codes->count - at) * sizeof *codes->items);
}

/* Forgets those whose time is over, or that somebody is about to guess, and the one of this account. */
static void tidy(struct codes *codes, const char *key, int64_t now_ms)
{
    for (size_t i = codes->count; i-- > 0;) {
        const struct code *code = &codes->items[i];
        bool over = code->until_ms <= now_ms || code->guesses >= CODE_GUESSES;
        if (over || (key && strcmp(code->key, key) == 0))
            drop(codes, i);
    }
}

const char *codes_make(struct codes *codes, const char *key, uint64_t chance, int64_t now_ms)
{
    tidy(codes, key, now_ms);
    if (codes->count == CODES_MAX)
        drop(codes, 0);
    codes->items = xreallocarray(codes->items, codes->count + 1, sizeof *codes->items);
    struct code *code = &codes->items[codes->count++];
    *code = (struct code){.key = xstrdup(key), .until_ms = now_ms + CODE_TTL_MS};
    snprintf(code->text, sizeof code->text, "%04u-%04u", (unsigned)(chance % HALF),
             (unsigned)(chance / HALF % HALF));
    return code->text;
}

/* What was said, as a code is written; what is none becomes nobody's. */
static void read_said(char text[CODE_BYTES], const char *said)
{
    size_t len = 0;
    memset(text, 0, CODE_BYTES);
    for (; *said && len < CODE_BYTES - 1; said++) {
        if (*said == '-' || *said == ' ')
            continue;
        if (len == HALF_DIGITS)
            text[len++] = '-';
        text[len++] = *said;
    }
    if (*said)
        text[0] = '\0';
}

char *codes_take(struct codes *codes, const char *said, int64_t now_ms)
{
    char text[CODE_BYTES];
    size_t found = SIZE_MAX;
    read_said(text, said);
    tidy(codes, NULL, now_ms);
    for (size_t i = 0; i < codes->count; i++) {
        if (CRYPTO_memcmp(codes->items[i].text, text, CODE_BYTES) == 0)
            found = i;
    }
    if (found == SIZE_MAX) {
        for (size_t i = 0; i < codes->count; i++)
            codes->items[i].guesses++;
        return NULL;
    }
    char *key = xstrdup(codes->items[found].key);
    drop(codes, found);
    return key;
}

void codes_forget(struct codes *codes, const char *key)
{
    tidy(codes, key, 0);
}
