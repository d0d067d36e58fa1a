#include "client/model/editor_inner.h"

#include "client/model/format.h"
#include "common/alloc.h"
#include "common/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct editor *editor_new(void)
{
    struct editor *editor = xcalloc(1, sizeof(*editor));
    str_init(&editor->text, EDITOR_MAX_BYTES);
    undo_init(&editor->undo);
    return editor;
}

void editor_free(struct editor *editor)
{
    if (!editor)
        return;
    str_release(&editor->text);
    undo_release(&editor->undo);
    free(editor);
}

const char *editor_text(const struct editor *editor, size_t *len)
{
    if (len)
        *len = editor->text.len;
    return editor->text.data;
}

size_t editor_cursor(const struct editor *editor)
{
    return editor->cursor;
}

uint64_t editor_changes(const struct editor *editor)
{
    return editor->changes;
}

bool editor_empty(const struct editor *editor)
{
    return editor->text.len == 0;
}

bool editor_in_use(const struct editor *editor)
{
    return !editor_empty(editor) || editor->undo.steps.len > 0;
}

size_t editor_row_start(const struct editor *editor, size_t at)
{
    const char *newline = memrchr(editor->text.data, '\n', at);
    return newline ? (size_t)(newline - editor->text.data) + 1 : 0;
}

size_t editor_row_end(const struct editor *editor, size_t at)
{
    const char *newline = memchr(editor->text.data + at, '\n', editor->text.len - at);
    return newline ? (size_t)(newline - editor->text.data) : editor->text.len;
}

size_t editor_next(const struct editor *editor, size_t at)
{
    return text_cluster_next(editor->text.data, editor->text.len, at);
}

size_t editor_prev(const struct editor *editor, size_t at)
{
    size_t row = editor_row_start(editor, at);
    if (row == at)
        return at > 0 ? at - 1 : 0;
    return row + text_cluster_prev(editor->text.data + row, at - row, at - row);
}

size_t editor_snap(const struct editor *editor, size_t at)
{
    size_t end = editor_row_start(editor, at);
    while (end < at)
        end = editor_next(editor, end);
    return end;
}

/* Appends text as it may be typed: line ends become '\n', tabs spaces, and bytes that a terminal
 * could act on are made visible. Joiners and marks stay as they are: what they join may come with
 * the next key. */
static void clean(struct str *out, const char *text, size_t len, bool keeps_codes)
{
    for (size_t at = 0; at < len;) {
        int32_t code;
        size_t size = text_decode(text + at, len - at, &code);
        bool control = code < 0x20 || (code >= 0x7f && code < 0xa0);
        if (code == '\n' || code == '\r') {
            if (code == '\r' && at + 1 < len && text[at + 1] == '\n')
                size = 2;
            str_addc(out, '\n');
        } else if (code == '\t') {
            str_adds(out, "    ");
        } else if (control && !(keeps_codes && format_is_code(text[at]))) {
            text_harmless(out, text + at, size);
        } else {
            str_add(out, text + at, size);
        }
        at += size;
    }
}

/* Replaces from..to; the caller notes the step. False: too long. */
static bool splice(struct editor *editor, size_t from, size_t to, const char *text, size_t len)
{
    if (editor->text.len - (to - from) + len > EDITOR_MAX_BYTES)
        return false;
    str_remove(&editor->text, from, to - from);
    bool inserted = str_insert(&editor->text, from, text, len);
    assert(inserted);
    (void)inserted;
    return true;
}

bool editor_type(struct editor *editor, const char *text, size_t len)
{
    struct str typed;
    str_init(&typed, EDITOR_MAX_BYTES);
    clean(&typed, text, len, false);
    size_t at = editor->cursor;
    bool done = !typed.overflow && splice(editor, at, at, typed.data, typed.len);
    if (done && typed.len > 0) {
        bool word_begins = at > 0 && editor->text.data[at - 1] == ' ' && typed.data[0] != ' ';
        if (editor->last != LAST_TYPED || word_begins)
            undo_close(&editor->undo);
        undo_note_typed(&editor->undo, at, typed.len, at);
        editor->cursor = editor_snap(editor, at + typed.len);
    }
    str_release(&typed);
    return done;
}

bool editor_replace(struct editor *editor, size_t from, size_t to, const char *text, size_t len)
{
    struct str fresh;
    editor->changes++;
    str_init(&fresh, EDITOR_MAX_BYTES);
    clean(&fresh, text, len, true);
    char *removed = xmemdup0(editor->text.data + from, to - from);
    bool done = !fresh.overflow && splice(editor, from, to, fresh.data, fresh.len);
    if (done) {
        undo_note(&editor->undo, from, removed, to - from, fresh.len, editor->cursor);
        editor->cursor = editor_snap(editor, from + fresh.len);
        editor->last = LAST_OTHER;
    }
    free(removed);
    str_release(&fresh);
    return done;
}

bool editor_put_code(struct editor *editor, char code)
{
    size_t at = editor->cursor;
    editor->changes++;
    if (!format_is_code(code) || !splice(editor, at, at, &code, 1))
        return false;
    undo_note(&editor->undo, at, "", 0, 1, at);
    editor->cursor = editor_snap(editor, at + 1);
    editor->last = LAST_OTHER;
    return true;
}

void editor_cut(struct editor *editor, size_t from, size_t to)
{
    if (from == to)
        return;
    undo_note(&editor->undo, from, editor->text.data + from, to - from, 0, editor->cursor);
    str_remove(&editor->text, from, to - from);
    editor->cursor = editor_snap(editor, from);
}

void editor_undo(struct editor *editor)
{
    struct undo_step step;
    if (!undo_take(&editor->undo, &step))
        return;
    bool done =
        splice(editor, step.at, step.at + step.inserted_len, step.removed, step.removed_len);
    assert(done);
    (void)done;
    editor->cursor = step.cursor;
    free(step.removed);
}

void editor_restore(struct editor *editor, const char *text, size_t len, size_t cursor)
{
    assert(editor_empty(editor));
    if (!editor_replace(editor, 0, 0, text, len))
        return;
    undo_reset(&editor->undo); /* the earlier run's steps are gone, and this was none */
    if (cursor < editor->text.len)
        editor->cursor = editor_snap(editor, cursor);
}

void editor_reset(struct editor *editor)
{
    editor->changes++;
    str_release(&editor->text);
    undo_reset(&editor->undo);
    editor->cursor = 0;
    editor->last = LAST_OTHER;
}

void editor_check(const struct editor *editor)
{
    const struct str *text = &editor->text;
    assert(text->len <= EDITOR_MAX_BYTES && text_utf8_valid(text->data, text->len));
    for (size_t at = 0; at < text->len;) {
        int32_t code;
        at += text_decode(text->data + at, text->len - at, &code);
        assert(code == '\n' || (code < 0x20 && format_is_code((char)code)) ||
               (code >= 0x20 && (code < 0x7f || code >= 0xa0)));
    }
    assert(editor->cursor <= text->len && editor_snap(editor, editor->cursor) == editor->cursor);
    (void)text;
}
