#include "client/model/editor_inner.h"

#include "client/model/kill_ring.h"
#include "common/str.h"
#include "common/text.h"

#include <stdint.h>
#include <string.h>

/* What a key's function works on: the editor, and what the key before it was. */
struct stroke {
    struct editor *editor;
    struct kill_ring *kill_ring;
    enum editor_last before;
};

static enum editor_result move_to(struct stroke *stroke, size_t at)
{
    stroke->editor->cursor = at;
    return EDITOR_DONE;
}

static enum editor_result left(struct stroke *stroke)
{
    return move_to(stroke, editor_prev(stroke->editor, stroke->editor->cursor));
}

static enum editor_result right(struct stroke *stroke)
{
    return move_to(stroke, editor_next(stroke->editor, stroke->editor->cursor));
}

static size_t word_start(const struct editor *editor)
{
    const struct str *text = &editor->text;
    return editor_snap(editor, text_word_prev(text->data, text->len, editor->cursor));
}

static size_t word_end(const struct editor *editor)
{
    const struct str *text = &editor->text;
    return editor_snap(editor, text_word_next(text->data, text->len, editor->cursor));
}

static enum editor_result word_left(struct stroke *stroke)
{
    return move_to(stroke, word_start(stroke->editor));
}

static enum editor_result word_right(struct stroke *stroke)
{
    return move_to(stroke, word_end(stroke->editor));
}

static enum editor_result row_home(struct stroke *stroke)
{
    return move_to(stroke, editor_row_start(stroke->editor, stroke->editor->cursor));
}

static enum editor_result row_end(struct stroke *stroke)
{
    return move_to(stroke, editor_row_end(stroke->editor, stroke->editor->cursor));
}

static enum editor_result text_home(struct stroke *stroke)
{
    return move_to(stroke, 0);
}

static enum editor_result text_end(struct stroke *stroke)
{
    return move_to(stroke, stroke->editor->text.len);
}

/* Moves to the row that begins at `row`, into the column that a run of such moves began in. */
static enum editor_result to_row(struct stroke *stroke, size_t row)
{
    struct editor *editor = stroke->editor;
    const char *text = editor->text.data;
    if (stroke->before != LAST_ROW) {
        size_t here = editor_row_start(editor, editor->cursor);
        editor->goal_col = text_width(text + here, editor->cursor - here);
    }
    size_t end = editor_row_end(editor, row);
    editor->cursor = row + text_fit(text + row, end - row, editor->goal_col, NULL);
    editor->last = LAST_ROW;
    return EDITOR_DONE;
}

static enum editor_result up(struct stroke *stroke)
{
    size_t row = editor_row_start(stroke->editor, stroke->editor->cursor);
    if (row == 0)
        return EDITOR_AT_TOP;
    return to_row(stroke, editor_row_start(stroke->editor, row - 1));
}

static enum editor_result down(struct stroke *stroke)
{
    size_t end = editor_row_end(stroke->editor, stroke->editor->cursor);
    if (end == stroke->editor->text.len)
        return EDITOR_AT_BOTTOM;
    return to_row(stroke, end + 1);
}

static enum editor_result rub_left(struct stroke *stroke)
{
    size_t cursor = stroke->editor->cursor;
    editor_cut(stroke->editor, editor_prev(stroke->editor, cursor), cursor);
    return EDITOR_DONE;
}

static enum editor_result rub_right(struct stroke *stroke)
{
    size_t cursor = stroke->editor->cursor;
    editor_cut(stroke->editor, cursor, editor_next(stroke->editor, cursor));
    return EDITOR_DONE;
}

/* Kills from..to; the cursor is one of them. Kills in a row make one text. */
static enum editor_result kill_range(struct stroke *stroke, size_t from, size_t to)
{
    struct editor *editor = stroke->editor;
    enum kill_how how = KILL_NEW;
    if (stroke->before == LAST_KILL)
        how = from < editor->cursor ? KILL_PREPEND : KILL_APPEND;
    kill_ring_add(stroke->kill_ring, how, editor->text.data + from, to - from);
    editor_cut(editor, from, to);
    editor->last = LAST_KILL;
    return EDITOR_DONE;
}

static enum editor_result kill_word_left(struct stroke *stroke)
{
    return kill_range(stroke, word_start(stroke->editor), stroke->editor->cursor);
}

static enum editor_result kill_word_right(struct stroke *stroke)
{
    return kill_range(stroke, stroke->editor->cursor, word_end(stroke->editor));
}

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n';
}

/* C-w: back over blanks, then to the next blank, as readline's unix-word-rubout. */
static enum editor_result kill_blank_word(struct stroke *stroke)
{
    const struct editor *editor = stroke->editor;
    size_t from = editor->cursor;
    while (from > 0 && is_space(editor->text.data[editor_prev(editor, from)]))
        from = editor_prev(editor, from);
    while (from > 0 && !is_space(editor->text.data[editor_prev(editor, from)]))
        from = editor_prev(editor, from);
    return kill_range(stroke, from, editor->cursor);
}

/* At the row's end, its newline. */
static enum editor_result kill_to_end(struct stroke *stroke)
{
    const struct editor *editor = stroke->editor;
    size_t end = editor_row_end(editor, editor->cursor);
    if (end == editor->cursor)
        end = editor_next(editor, end);
    return kill_range(stroke, editor->cursor, end);
}

static enum editor_result kill_to_start(struct stroke *stroke)
{
    const struct editor *editor = stroke->editor;
    size_t start = editor_row_start(editor, editor->cursor);
    if (start == editor->cursor)
        start = editor_prev(editor, start);
    return kill_range(stroke, start, editor->cursor);
}

static enum editor_result yank_at(struct stroke *stroke, size_t from, size_t back)
{
    struct editor *editor = stroke->editor;
    size_t len;
    const char *text = kill_ring_at(stroke->kill_ring, back, &len);
    if (!text)
        return EDITOR_DONE;
    if (!editor_replace(editor, from, editor->cursor, text, len))
        return EDITOR_FULL;
    /* A yanked mark may have joined the cluster before it, which is then not to be cut by M-y. */
    editor->yank_from = editor_snap(editor, from);
    editor->yank_back = back;
    editor->last = LAST_YANK;
    return EDITOR_DONE;
}

static enum editor_result yank(struct stroke *stroke)
{
    return yank_at(stroke, stroke->editor->cursor, 0);
}

static enum editor_result yank_other(struct stroke *stroke)
{
    if (stroke->before != LAST_YANK)
        return EDITOR_DONE;
    return yank_at(stroke, stroke->editor->yank_from, stroke->editor->yank_back + 1);
}

/* Swaps the clusters around the cursor, at the row's end the two before it. */
static enum editor_result transpose(struct stroke *stroke)
{
    struct editor *editor = stroke->editor;
    size_t row = editor_row_start(editor, editor->cursor);
    size_t middle = editor->cursor;
    if (middle == editor_row_end(editor, middle) && middle > row)
        middle = editor_prev(editor, middle);
    if (middle == row || middle == editor_row_end(editor, middle))
        return EDITOR_DONE;
    size_t from = editor_prev(editor, middle), to = editor_next(editor, middle);
    struct str swapped;
    str_init(&swapped, EDITOR_MAX_BYTES);
    str_add(&swapped, editor->text.data + middle, to - middle);
    str_add(&swapped, editor->text.data + from, middle - from);
    editor_replace(editor, from, to, swapped.data, swapped.len);
    str_release(&swapped);
    return EDITOR_DONE;
}

static enum editor_result take_back(struct stroke *stroke)
{
    editor_undo(stroke->editor);
    return EDITOR_DONE;
}

static enum editor_result newline(struct stroke *stroke)
{
    return editor_type(stroke->editor, "\n", 1) ? EDITOR_DONE : EDITOR_FULL;
}

static const struct binding {
    const char *name;
    enum editor_result (*run)(struct stroke *stroke);
} bindings[] = {
    {"Left", left},
    {"C-b", left},
    {"Right", right},
    {"C-f", right},
    {"C-Left", word_left},
    {"M-b", word_left},
    {"C-Right", word_right},
    {"M-f", word_right},
    {"Home", row_home},
    {"C-a", row_home},
    {"End", row_end},
    {"C-e", row_end},
    {"C-Home", text_home},
    {"M-<", text_home},
    {"C-End", text_end},
    {"M->", text_end},
    {"Up", up},
    {"C-p", up},
    {"Down", down},
    {"C-n", down},
    {"Backspace", rub_left},
    {"C-h", rub_left},
    {"Delete", rub_right},
    {"C-d", rub_right},
    {"M-Backspace", kill_word_left},
    {"M-d", kill_word_right},
    {"C-w", kill_blank_word},
    {"C-k", kill_to_end},
    {"C-u", kill_to_start},
    {"C-y", yank},
    {"M-y", yank_other},
    {"C-t", transpose},
    {"C-_", take_back},
    {"C-/", take_back},
    {"M-Enter", newline},
    {"S-Enter", newline},
    {"C-j", newline},
};

static enum editor_result insert(struct stroke *stroke, const struct key *key)
{
    if (!editor_type(stroke->editor, key->text, key->len))
        return EDITOR_FULL;
    if (key->press == PRESS_TEXT)
        stroke->editor->last = LAST_TYPED;
    return EDITOR_DONE;
}

enum editor_result editor_key(struct editor *editor, struct kill_ring *kill_ring,
                              const struct key *key)
{
    struct stroke stroke = {editor, kill_ring, editor->last};
    editor->changes++;
    bool plain = key->press == PRESS_TEXT && !(key->mods & (MOD_CTRL | MOD_ALT));
    if (plain || key->press == PRESS_PASTE) {
        if (key->press == PRESS_PASTE)
            editor->last = LAST_OTHER;
        enum editor_result result = insert(&stroke, key);
        return result;
    }
    char name[KEY_NAME_BYTES];
    key_write_name(key, name);
    for (size_t i = 0; i < sizeof(bindings) / sizeof(bindings[0]); i++) {
        if (strcmp(bindings[i].name, name) == 0) {
            editor->last = LAST_OTHER;
            return bindings[i].run(&stroke);
        }
    }
    return EDITOR_IGNORED;
}
