/*
 * Text as people see it: UTF-8, grapheme clusters, widths in cells, and nothing harmful.
 *
 * Offsets and lengths are bytes. Every function takes any bytes: one that is not part of valid
 * UTF-8 counts as a character of its own, as wide as the U+FFFD that stands for it.
 * Clusters are those of UAX #29 (extended), except that CR LF are two, since every control is
 * made visible by itself. Where lines end is the caller's business.
 */
#ifndef SNUG_COMMON_TEXT_H
#define SNUG_COMMON_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

/* Says whether the bytes are valid UTF-8 (RFC 3629: no surrogates, shortest forms only). */
bool text_utf8_valid(const char *p, size_t len);

/* Returns how many bytes a character has whose first byte is `lead`: 1 to 4, 0 if none begins so. */
size_t text_utf8_need(unsigned char lead);

/*
 * Reads the character at the front: returns its length and sets `code`, or 1 and -1 for a byte that
 * is not valid, or 0 and -1 if len is 0.
 */
size_t text_decode(const char *p, size_t len, int32_t *code);

/* Appends the code point, U+FFFD if it is none; false if it would exceed the maximum. */
bool text_encode(struct str *out, int32_t code);

/* Returns where the cluster that begins at `at` ends; `len` if `at` is `len`. */
size_t text_cluster_next(const char *p, size_t len, size_t at);

/* Returns where the cluster that ends at `at` begins; 0 if `at` is 0. `at` must be a boundary. */
size_t text_cluster_prev(const char *p, size_t len, size_t at);

/*
 * Returns the width of one cluster in terminal cells: 0 (a mark with no base), 1 or 2. A control or
 * another character that text_harmless replaces is as wide as what replaces it.
 */
unsigned text_cluster_width(const char *p, size_t len);

/* Says whether terminals disagree about the cluster's width (joined emoji, flags, jamo, ...). */
bool text_cluster_doubtful(const char *p, size_t len);

/* Returns how many bytes at the front are each a cluster of one cell and harmless: most of all text,
 * found many at a time. What comes behind is to be looked at with care. */
size_t text_plain(const char *p, size_t len);

/* Returns the width of all clusters together, in cells. */
size_t text_width(const char *p, size_t len);

/*
 * Returns the length of the longest run of whole clusters at the front that is at most `max_cells`
 * wide, and sets `cells` (unless NULL) to its width.
 */
size_t text_fit(const char *p, size_t len, size_t max_cells, size_t *cells);

/*
 * Returns where to cut for a limit of bytes: the last cluster boundary up to `max_bytes`, or, when
 * the first cluster alone is longer, the last character boundary.
 */
size_t text_cut_bytes(const char *p, size_t len, size_t max_bytes);

/* Returns where the next word behind `at` ends, as readline's M-f: words are letters and digits. */
size_t text_word_next(const char *p, size_t len, size_t at);

/* Returns where the word before `at` begins, as readline's M-b. */
size_t text_word_prev(const char *p, size_t len, size_t at);

/*
 * Appends the text as it may be shown: valid UTF-8 with no control in it. C0 and DEL become ^G and
 * the like; C1, bidi controls, line and paragraph separators, other invisible format characters,
 * tag characters outside of a flag, noncharacters and invalid bytes become U+FFFD. False, with only
 * the front appended, if it would exceed the maximum.
 */
bool text_harmless(struct str *out, const char *p, size_t len);

/* Says whether text_harmless would change nothing. */
bool text_is_harmless(const char *p, size_t len);

/*
 * Appends the key under which names are compared: NFKC_Casefold (Unicode 3.13, R5). False, and
 * nothing appended, if the text is not valid UTF-8 or the key would exceed the maximum.
 */
bool text_fold(struct str *out, const char *p, size_t len);

#endif
