/*
 * The bytes of one key, or of one reply of the terminal, and what they mean.
 *
 * Pure; knows no time and no pastes but that one begins.
 */
#ifndef SNUG_CLIENT_TERM_DECODE_H
#define SNUG_CLIENT_TERM_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "client/model/key.h"

enum { DECODE_TEXT_BYTES = 8 };

struct decoder {
    const unsigned char *p; /* at least one byte */
    size_t len;
    bool final;      /* nothing more comes: the best is made of what is there */
    struct key *key; /* PRESS_NONE: what was decoded means nothing */
    char *text;      /* DECODE_TEXT_BYTES that the key may borrow */
    bool begins_paste;
};

/* Decodes from the front and returns how many bytes that took; 0: more must come first. */
size_t decode_key(struct decoder *d);

#endif
