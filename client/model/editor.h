/* The line being typed: text, cursor, undo.
 *
 * Invariant: the text is valid UTF-8, at most EDITOR_MAX_BYTES long, without control bytes but '\n' and
 * codes of looks (format.h), and the cursor stands between grapheme clusters. Only editor_key() and the
 * calls below it, which the model makes when a key says so, change it. Knows nothing of buffers or of what
 * is sent. */
#ifndef SNUG_CLIENT_MODEL_EDITOR_H
#define SNUG_CLIENT_MODEL_EDITOR_H

#include "client/model/key.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    EDITOR_MAX_BYTES = 65536, /* what would exceed it is refused whole: EDITOR_FULL */
};

struct editor;
struct kill_ring;

enum editor_result {
    EDITOR_IGNORED, /* no key of the editor */
    EDITOR_DONE,    /* even if it had nothing to do */
    EDITOR_FULL,    /* it would become too long; nothing changed */
    EDITOR_AT_TOP,  /* PRESS_UP on the first row, PRESS_DOWN on the last: the caller's turn */
    EDITOR_AT_BOTTOM,
};

struct editor *editor_new(void);
void editor_free(struct editor *editor);

/* Does what the key says: types, moves, kills, yanks, undoes. Several editors may share `kill_ring`. */
enum editor_result editor_key(struct editor *editor, struct kill_ring *kill_ring,
                              const struct key *key);

/* The text, NUL-terminated, borrowed until the next change; *len may be NULL. */
const char *editor_text(const struct editor *editor, size_t *len);

/* The cursor as an offset into the text. */
size_t editor_cursor(const struct editor *editor);

bool editor_empty(const struct editor *editor);

/* Whether there is text, or a step that the user could take back. */
bool editor_in_use(const struct editor *editor);

/* A number that changes whenever the text or the cursor does. */
uint64_t editor_changes(const struct editor *editor);

/* Types a code of format.h. False: too long, nothing changed. */
bool editor_put_code(struct editor *editor, char code);

/* Replaces bytes from..to, cluster ends both, with the text made harmless but for codes, and puts the cursor
 * behind it, as one step of undo. False: too long, nothing changed. */
bool editor_replace(struct editor *editor, size_t from, size_t to, const char *text, size_t len);

/* Gives an empty editor the text, made harmless, that it had in an earlier run of the program, with
 * the cursor at that offset or near it. What is too long is left out. */
void editor_restore(struct editor *editor, const char *text, size_t len, size_t cursor);

/* Empties it and forgets its undo history: its text was sent. */
void editor_reset(struct editor *editor);

/* Asserts the invariant; for tests and fuzzers. */
void editor_check(const struct editor *editor);

#endif
