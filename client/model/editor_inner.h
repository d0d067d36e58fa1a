/* The inside of the editor, for the files that it is made of: editor.c, the text and its undo, and
 * editor_keys.c, what each key does. */
#ifndef SNUG_CLIENT_MODEL_EDITOR_INNER_H
#define SNUG_CLIENT_MODEL_EDITOR_INNER_H

#include "client/model/editor.h"
#include "client/model/undo.h"
#include "common/str.h"

/* What the last key was, for keys that go on where it ended. */
enum editor_last {
    LAST_OTHER,
    LAST_TYPED,
    LAST_KILL,
    LAST_YANK,
    LAST_ROW, /* moved up or down */
};

struct editor {
    struct str text;
    size_t cursor;
    struct undo undo;
    enum editor_last last;
    size_t yank_from; /* LAST_YANK: the yanked text runs from here to the cursor */
    size_t yank_back; /* which kill it was */
    size_t goal_col;  /* LAST_ROW: the column, in cells, that the cursor would like to be in */
    uint64_t changes; /* of text or cursor, and perhaps of neither */
};

/* Where the row (of text, between newlines) around `at` begins and ends. */
size_t editor_row_start(const struct editor *editor, size_t at);
size_t editor_row_end(const struct editor *editor, size_t at);

/* The cluster ends next to `at`, which is one; a newline is a cluster. */
size_t editor_next(const struct editor *editor, size_t at);
size_t editor_prev(const struct editor *editor, size_t at);

/* The first cluster end that is not before `at`. */
size_t editor_snap(const struct editor *editor, size_t at);

/* Types text, made harmless, at the cursor. False: too long, nothing changed. */
bool editor_type(struct editor *editor, const char *text, size_t len);

/* Removes bytes from..to, cluster ends both, as one step of undo. */
void editor_cut(struct editor *editor, size_t from, size_t to);

/* Takes the newest step back, if there is one. */
void editor_undo(struct editor *editor);

#endif
