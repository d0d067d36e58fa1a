/*
 * What the terminal can do and how it is told: terminfo and a few things terminfo does not know.
 *
 * Read once; then pure: every call appends bytes. A capability that the terminal lacks appends
 * nothing. Padding of old hardware terminals is left out. Knows no grid and no device.
 */
#ifndef SNUG_CLIENT_TERM_CAPS_H
#define SNUG_CLIENT_TERM_CAPS_H

#include <stdbool.h>

#include "client/view/grid.h"
#include "common/str.h"

enum colour_depth { COLOURS_NONE, COLOURS_8, COLOURS_16, COLOURS_256, COLOURS_RGB };

/* What the environment says; NULL where it says nothing. */
struct caps_env {
    const char *term;      /* TERM */
    const char *colorterm; /* COLORTERM: truecolor or 24bit */
    const char *no_color;  /* NO_COLOR: not empty means no colours, see no-color.org */
};

/* Byte strings of terminfo, owned; NULL where the terminal has none. */
struct caps {
    void *terminal;     /* what ncurses keeps of it */
    char *address;      /* cup, before its parameters are put in */
    bool usual_address; /* which is CSI row ; column H, as with most */
    char *clear, *clear_to_eol;
    char *hide_cursor, *show_cursor;
    char *reset; /* all attributes and colours */
    char *bold, *dim, *italic, *underline, *reverse, *strike;
    char *foreground, *background; /* setaf, setab */
    struct str enter, leave;       /* see caps_load */
    enum colour_depth colours;
    bool erases_with_background; /* terminfo's bce */
    bool wraps;                  /* writing the last cell of a row cannot be kept from wrapping */
    bool links;                  /* takes OSC 8, or ignores it without a trace */
    bool answers;                /* can be asked what it thinks; see probe.h */
    bool synchronizes;           /* takes CSI ? 2026 h and l, or ignores them without a trace */
};

/*
 * Reads the capabilities of env->term; `enter` and `leave` become the bytes that take a full screen
 * (alternate screen, bracketed paste, focus events, no wrapping) and give it back. False, and
 * `error` says why, if the terminal is not known or cannot place its cursor. End: caps_release.
 */
bool caps_load(struct caps *caps, const struct caps_env *env, struct str *error);

/*
 * As caps_load for lines that are written one after the other: whatever env->term is, it is good
 * enough. Of the strings only clear_to_eol is read; `enter` and `leave` leave the screen as it is.
 */
void caps_load_linear(struct caps *caps, const struct caps_env *env);

/* Appends what makes the terminal report the mouse's wheel and buttons, or no longer: xterm's modes
 * 1000 and 1006. While it does it selects text only with Shift. */
void caps_mouse(const struct caps *caps, struct str *out, bool reports);

/* Gives the memory back. */
void caps_release(struct caps *caps);

/* Appends what moves the cursor to that place, from 0. */
void caps_move(const struct caps *caps, struct str *out, int row, int col);

/* Appends what leads from the style `from` (NULL: not known) to `to`, in as few bytes as it finds. */
void caps_style(const struct caps *caps, struct str *out, const struct style *from,
                const struct style *to);

/* The nearest colour that a terminal of that depth has, in grid.h's encoding. */
uint32_t caps_colour(enum colour_depth depth, uint32_t colour);

#endif
