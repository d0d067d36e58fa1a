#include "client/model/chord.h"

#include "client/model/editor.h"
#include "client/model/format.h"

static const struct chord_row {
    char letter;
    char code;
    const char *help;
} rows[] = {
    {'b', FORMAT_BOLD, "bold"},           {'i', FORMAT_ITALIC, "italic"},
    {'u', FORMAT_UNDERLINE, "underline"}, {'s', FORMAT_STRIKE, "strike"},
    {'m', FORMAT_MONOSPACE, "mono"},      {'r', FORMAT_REVERSE, "reverse"},
    {'c', FORMAT_COLOUR, "colour"},       {'o', FORMAT_RESET, "off"},
};

enum { N_ROWS = sizeof(rows) / sizeof(rows[0]) };

void chord_begin(struct model *model)
{
    struct str keys;
    str_init(&keys, HINT_MAX_BYTES);
    for (size_t i = 0; i < N_ROWS; i++)
        str_addf(&keys, "%s%c %s", i > 0 ? "  " : "", rows[i].letter, rows[i].help);
    model_hint(model, "%s", keys.data);
    model->chord = true;
    str_release(&keys);
}

static void put(struct model *model, const struct chord_row *row)
{
    model_stay(model);
    if (!editor_put_code(model->current->draft, row->code))
        model_hint(model, "a line has at most %d KiB; this does not fit", EDITOR_MAX_BYTES / 1024);
    else if (row->code == FORMAT_COLOUR)
        model_hint(model,
                   "now its number: 4 red 7 orange 8 yellow 3 green 11 cyan 2 blue 6 purple");
}

bool chord_takes(struct model *model, const struct key *key)
{
    bool letter = key->press == PRESS_TEXT && (key->mods & ~MOD_CTRL) == 0 && key->len == 1;
    model->chord = false;
    for (size_t i = 0; i < N_ROWS && letter; i++) {
        if (rows[i].letter != *key->text)
            continue;
        put(model, &rows[i]);
        return true;
    }
    return false;
}
