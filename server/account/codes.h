/* One-time codes: who says one within ten minutes speaks for the account that it was made for.
 *
 * An account has one code at a time, a new one replaces it; a code is gone when it is said, when its
 * time is over, or when so many others were said in that time that somebody must be guessing. Bounded:
 * the oldest makes place. Nothing of this outlives the server. Knows no device and no wire; keys are
 * texts. */
#ifndef SNUG_SERVER_ACCOUNT_CODES_H
#define SNUG_SERVER_ACCOUNT_CODES_H

#include <stddef.h>
#include <stdint.h>

enum {
    CODE_BYTES = 10, /* "4821-0937" with its NUL */
    CODE_TTL_MS = 10 * 60 * 1000,
    CODES_MAX = 256,
    CODE_GUESSES = 1000, /* wrong ones, of 100,000,000 that there are */
};

struct code {
    char text[CODE_BYTES];
    char *key; /* of the account */
    int64_t until_ms;
    unsigned guesses; /* wrong ones since it was made */
};

struct codes {
    struct code *items; /* the oldest first */
    size_t count;
};

void codes_release(struct codes *codes);

/* Makes a code for the account of that key out of a number of the caller's chance; borrowed. */
const char *codes_make(struct codes *codes, const char *key, uint64_t chance, int64_t now_ms);

/* Takes back the code that was said, with or without its dash, and returns the key of its account, owned
 * by the caller; NULL: there is no such code. Takes the same time whatever was said. */
char *codes_take(struct codes *codes, const char *said, int64_t now_ms);

/* Forgets the code of that account, if there is one. */
void codes_forget(struct codes *codes, const char *key);

#endif
