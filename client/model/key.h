/* One thing that the user did at the terminal: a key, a paste, a turn of the wheel.
 *
 * The terminal side makes keys out of bytes, the model acts on them. Names begin with PRESS_
 * since <curses.h> has macros for most of KEY_*. */
#ifndef SNUG_CLIENT_MODEL_KEY_H
#define SNUG_CLIENT_MODEL_KEY_H

#include <stddef.h>

enum press {
    PRESS_NONE,
    PRESS_TEXT,  /* `text` was typed: a cluster or a part of one; with MOD_CTRL or MOD_ALT a lower
                  * case letter or a sign: C-a is MOD_CTRL and "a", C-_ is MOD_CTRL and "_" */
    PRESS_PASTE, /* `text` was pasted, whole, with the line ends it came with */
    PRESS_ENTER,
    PRESS_TAB,
    PRESS_BACKTAB,
    PRESS_BACKSPACE,
    PRESS_ESCAPE,
    PRESS_INSERT,
    PRESS_DELETE,
    PRESS_UP,
    PRESS_DOWN,
    PRESS_LEFT,
    PRESS_RIGHT,
    PRESS_HOME,
    PRESS_END,
    PRESS_PGUP,
    PRESS_PGDN,
    PRESS_F1, /* to F12 in a row */
    PRESS_F12 = PRESS_F1 + 11,
    PRESS_FOCUS_IN,
    PRESS_FOCUS_OUT,
    PRESS_WHEEL_UP,
    PRESS_WHEEL_DOWN,
    PRESS_CLICK,
};

enum mods {
    MOD_CTRL = 1,
    MOD_ALT = 2,
    MOD_SHIFT = 4, /* of named keys only; the shift of a letter is in its text */
};

struct key {
    enum press press;
    unsigned mods;    /* of enum mods */
    const char *text; /* borrowed UTF-8, not terminated; NULL but for PRESS_TEXT and PRESS_PASTE */
    size_t len;
    int row, col; /* of the mouse, from 0 */
};

enum {
    KEY_NAME_BYTES = 32, /* the longest name with its NUL */
};

/* Writes the key's name, as key tables and manuals spell it: "C-a", "M-Left", "S-Tab", "F1"; and
 * "" for plain text, pastes, and what has no name. */
void key_write_name(const struct key *key, char name[KEY_NAME_BYTES]);

#endif
