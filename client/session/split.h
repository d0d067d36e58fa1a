/*
 * Cutting what was typed into messages that fit into lines of IRC.
 *
 * Pure. Every message is at most so many bytes; cuts lie at line breaks, else between words, else
 * between grapheme clusters. Nothing is lost but line breaks, empty lines and the one space at a cut.
 */
#ifndef SNUG_CLIENT_SESSION_SPLIT_H
#define SNUG_CLIENT_SESSION_SPLIT_H

#include <stddef.h>

/*
 * Finds the first message of the `len` bytes of `text`: sets where it begins and how long it is, at
 * most `max_bytes` (not 0), and returns where the rest begins. A message of 0 bytes: there is none.
 */
size_t split_next(const char *text, size_t len, size_t max_bytes, size_t *begin, size_t *part_len);

#endif
