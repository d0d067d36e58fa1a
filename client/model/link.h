/* Where links stand in a text. Pure: knows no line, no buffer and nobody who would open them. */
#ifndef SNUG_CLIENT_MODEL_LINK_H
#define SNUG_CLIENT_MODEL_LINK_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes from..to of a text. */
struct link_span {
    size_t from, to;
};

/* Finds the next link (http, https) at or behind byte `at` of the text, without what ends the
 * sentence around it. A link has no blanks, controls, or quotes. False: there is none. */
bool link_next(const char *text, size_t at, struct link_span *span);

#endif
