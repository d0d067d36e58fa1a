/*
 * What the terminal is asked at the start: how wide it draws what terminals disagree about, whether it
 * joins clusters by itself (mode 2027), and what colour is behind all.
 *
 * Nobody waits for the answers: until they come, if ever, every doubtful row is written with care.
 * They come as keys do, and are told apart from them by keys.h, however late they are. All that is
 * written for it is written over by the first frame.
 * Pure: knows no device.
 */
#ifndef SNUG_CLIENT_TERM_PROBE_H
#define SNUG_CLIENT_TERM_PROBE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/term/caps.h"
#include "client/term/decode.h"
#include "common/str.h"

/* Kinds of clusters that we draw in two cells, and terminals in one to eight. */
enum width_kind {
    WIDTH_JOINED, /* emoji with ZWJ */
    WIDTH_FLAG,   /* two regional indicators */
    WIDTH_SKIN,   /* an emoji and a skin tone */
    WIDTH_STYLED, /* a sign that VS16 makes an emoji */
    WIDTH_KEYCAP,
    WIDTH_JAMO, /* a Hangul syllable of its letters */
    WIDTH_KINDS,
    WIDTH_OTHER = WIDTH_KINDS, /* none of these */
};

/* How many cells the terminal gives each kind. */
struct widths {
    bool known;
    uint8_t cells[WIDTH_KINDS];
};

struct probe {
    struct widths widths;
    struct widths heard; /* those being answered */
    size_t n_heard;
    bool joins_on_request; /* mode 2027 was off, and has been set: it is to be reset at the end */
    bool background_known;
    uint32_t background; /* 0xrrggbb */
};

/* Appends the questions, if it is a terminal that can be asked; else nothing. */
void probe_ask(const struct caps *caps, struct str *out);

/* Takes an answer; appends what is to be asked or set because of it. True: something is known now that
 * was not before. */
bool probe_hear(struct probe *probe, const struct caps *caps, const struct reply *reply,
                struct str *out);

/* What makes an end of mode 2027. */
extern const char probe_leave[];

/* Which kind of cluster it is. */
enum width_kind width_kind_of(const char *text, size_t len);

/* Whether such a cluster is drawn in two cells, as we have it. */
bool widths_agree(const struct widths *widths, const char *text, size_t len);

#endif
