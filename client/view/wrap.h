/* Text broken into rows of a width: a pure function, row by row.
 *
 * By words: at blanks, which vanish there, and beside wide characters; a word that is longer than a
 * row is broken between clusters, and stands alone so that it is broken as little as possible.
 * By clusters: wherever the row is full, and nothing vanishes. A newline ends a row in both. Every
 * row makes progress, even where a cluster is wider than the row. */
#ifndef SNUG_CLIENT_VIEW_WRAP_H
#define SNUG_CLIENT_VIEW_WRAP_H

#include <stdbool.h>
#include <stddef.h>

enum wrap_by {
    WRAP_WORDS,
    WRAP_CLUSTERS,
};

/* A walk through borrowed text. */
struct wrap {
    const char *text;
    size_t len;
    size_t at;
    int cols;
    enum wrap_by by;
    bool ended;
};

/* The bytes from..to of the text. */
struct wrap_row {
    size_t from, to;
};

/* Begins a walk; fewer than one column is one. */
struct wrap wrap_begin(const char *text, size_t len, int cols, enum wrap_by by);

/* The next row, which may be empty; an empty text is one empty row. False: there was none left. */
bool wrap_next(struct wrap *wrap, struct wrap_row *row);

#endif
