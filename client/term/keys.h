/*
 * What the terminal sends, made into keys.
 *
 * Pure: bytes and the time in, keys out. The keys do not depend on how the bytes were cut into
 * pieces, only on a pause after an ESC, which tells the Escape key from the start of a sequence.
 * A key of text is one code point; joining them to clusters is the editor's work. Sequences that
 * mean nothing here are swallowed.
 *
 * Where the terminal does not mark pastes they are known by their haste, if that is asked for: where
 * KEYS_BURST_LINES come one right behind the other, an Enter is no key but the end of a pasted line, and
 * the paste ends with a pause. An Enter right behind text waits for KEYS_HASTE_MS whether more comes.
 * Only there it matters how bytes were cut.
 *
 * Invariant: at most KEYS_MAX_SEQUENCE_BYTES of an unfinished sequence and KEYS_MAX_PASTE_BYTES of
 * a paste are kept; a longer sequence is swallowed, a longer paste is refused by name.
 */
#ifndef SNUG_CLIENT_TERM_KEYS_H
#define SNUG_CLIENT_TERM_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/model/key.h"
#include "client/term/decode.h"
#include "common/str.h"

enum {
    KEYS_ESCAPE_MS = 50,     /* an ESC with nothing behind it for so long is the Escape key */
    KEYS_SEQUENCE_MS = 1000, /* the rest of a sequence that cannot be a key has so long to come */
    KEYS_BURST_LINES = 3,    /* so many lines in haste are a paste */
    KEYS_BURST_MS = 50,      /* a paste without marks ends when so long nothing came */
    KEYS_BURST_ON_MS = 1000, /* after such a paste a hasty line still belongs to it */
    KEYS_HASTE_MS = 20,      /* an Enter so soon behind text is held back so long */
    KEYS_PASTE_MS = 5000,    /* a paste whose end is lost ends when so long nothing came */
    KEYS_MAX_FEED_BYTES = 65536,
    KEYS_MAX_SEQUENCE_BYTES = 4096,
    KEYS_MAX_PASTE_BYTES = 1 << 20,
};

enum keys_result {
    KEYS_NONE, /* no whole key has come yet */
    KEYS_KEY,
    KEYS_REPLY,          /* the terminal has answered: see `reply` */
    KEYS_PASTE_TOO_LONG, /* something longer than KEYS_MAX_PASTE_BYTES was pasted, and is gone */
};

struct keys {
    struct str bytes; /* those from `at` on are not decoded yet */
    size_t at;
    struct str paste; /* what came of the paste so far, or the paste last returned */
    bool pasting, paste_too_long;
    bool bursts;        /* to be set by the owner: haste makes a paste */
    bool unmarked;      /* the paste under way is one by its haste */
    uint64_t fed_ms;    /* when bytes came last */
    uint64_t text_ms;   /* when text was typed last; 0: never */
    uint64_t burst_ms;  /* when a paste known by its haste ended; 0: never */
    char text[8];       /* of the key last returned */
    struct reply reply; /* the one last returned */
};

/* Makes a decoder that waits for nothing. To be ended with keys_release. */
void keys_init(struct keys *k);

/* Gives the memory back. */
void keys_release(struct keys *k);

/*
 * Takes a copy of at most KEYS_MAX_FEED_BYTES that the terminal sent at `now_ms`. All keys must
 * have been taken out since the last call.
 */
void keys_feed(struct keys *k, uint64_t now_ms, const void *bytes, size_t len);

/* Takes out the next key or reply; a key's text is borrowed until the next call on `k`. */
enum keys_result keys_next(struct keys *k, uint64_t now_ms, struct key *key);

/* Returns when keys_next may have a key although nothing more came; UINT64_MAX: never. */
uint64_t keys_deadline_ms(const struct keys *k);

#endif
