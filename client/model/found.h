/* What the server found of what was said: lines older than those at hand, in a buffer of their own.
 *
 * The buffer comes with the first line that is found, and is there until it is closed or another search
 * begins. Who is searching is told what came; where he looks changes by his keys alone. */
#ifndef SNUG_CLIENT_MODEL_FOUND_H
#define SNUG_CLIENT_MODEL_FOUND_H

#include "client/model/traffic.h"

/* A search of the server's begins: what an earlier one found goes. */
void found_clear(struct model *model);

/* Adds a line behind that line of the buffer, or at its top for 0; with its day, where the line above is
 * of another. Nothing, and 0, if it is known: in the buffer that was searched (0: none), or here. */
uint64_t found_add(struct model *model, uint32_t searched, uint64_t behind,
                   const struct heard *heard);

/* The server has answered with so many lines; there may be more, older ones. */
void found_answered(struct model *model, size_t count, bool more);

/* The buffer, or NULL. */
struct buffer *found_buffer(const struct model *model);

#endif
