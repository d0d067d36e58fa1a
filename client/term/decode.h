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

enum reply_kind {
    REPLY_NONE,
    REPLY_CURSOR,     /* CPR: where the cursor is; not told apart from F3 in the first row */
    REPLY_MODE,       /* DECRPM: how a private mode is set */
    REPLY_BACKGROUND, /* OSC 11: the colour behind all */
    REPLY_ATTRIBUTES, /* DA1: what kind it is; all terminals answer that */
};

/* What the terminal said when it was asked. */
struct reply {
    enum reply_kind kind;
    int row, col;    /* from 0 */
    int mode, state; /* 0: not known, 1: set, 2: reset, 3: always set, 4: never */
    unsigned rgb;    /* 0xrrggbb */
};

struct decoder {
    const unsigned char *p; /* at least one byte */
    size_t len;
    bool final;      /* nothing more comes: the best is made of what is there */
    struct key *key; /* PRESS_NONE: what was decoded means nothing */
    char *text;      /* DECODE_TEXT_BYTES that the key may borrow */
    bool begins_paste;
    struct reply reply;
};

/* Decodes from the front and returns how many bytes that took; 0: more must come first. */
size_t decode_key(struct decoder *d);

#endif
