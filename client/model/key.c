#include "client/model/key.h"

#include <stdio.h>

static const char *const press_names[] = {
    [PRESS_ENTER] = "Enter",
    [PRESS_TAB] = "Tab",
    [PRESS_BACKTAB] = "S-Tab",
    [PRESS_BACKSPACE] = "Backspace",
    [PRESS_ESCAPE] = "Escape",
    [PRESS_INSERT] = "Insert",
    [PRESS_DELETE] = "Delete",
    [PRESS_UP] = "Up",
    [PRESS_DOWN] = "Down",
    [PRESS_LEFT] = "Left",
    [PRESS_RIGHT] = "Right",
    [PRESS_HOME] = "Home",
    [PRESS_END] = "End",
    [PRESS_PGUP] = "PgUp",
    [PRESS_PGDN] = "PgDn",
    [PRESS_F1] = "F1",
    [PRESS_F1 + 1] = "F2",
    [PRESS_F1 + 2] = "F3",
    [PRESS_F1 + 3] = "F4",
    [PRESS_F1 + 4] = "F5",
    [PRESS_F1 + 5] = "F6",
    [PRESS_F1 + 6] = "F7",
    [PRESS_F1 + 7] = "F8",
    [PRESS_F1 + 8] = "F9",
    [PRESS_F1 + 9] = "F10",
    [PRESS_F1 + 10] = "F11",
    [PRESS_F12] = "F12",
    [PRESS_FOCUS_IN] = "FocusIn",
    [PRESS_FOCUS_OUT] = "FocusOut",
    [PRESS_WHEEL_UP] = "WheelUp",
    [PRESS_WHEEL_DOWN] = "WheelDown",
    [PRESS_CLICK] = "Click",
};

void key_write_name(const struct key *key, char name[KEY_NAME_BYTES])
{
    const char *ctrl = key->mods & MOD_CTRL ? "C-" : "";
    const char *alt = key->mods & MOD_ALT ? "M-" : "";
    name[0] = '\0';
    if (key->press == PRESS_TEXT) {
        if ((key->mods & (MOD_CTRL | MOD_ALT)) && key->len <= 8)
            snprintf(name, KEY_NAME_BYTES, "%s%s%.*s", ctrl, alt, (int)key->len, key->text);
        return;
    }
    if (key->press >= sizeof(press_names) / sizeof(press_names[0]) || !press_names[key->press])
        return;
    const char *shift = key->mods & MOD_SHIFT && key->press != PRESS_BACKTAB ? "S-" : "";
    snprintf(name, KEY_NAME_BYTES, "%s%s%s%s", ctrl, alt, shift, press_names[key->press]);
}
