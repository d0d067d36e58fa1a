/* What was sent from a buffer, to be called back with Up; C-r searches it, see isearch.h.
 *
 * Bounded in entries and bytes: the oldest are forgotten. Knows nothing of the editor. */
#ifndef SNUG_CLIENT_MODEL_HISTORY_H
#define SNUG_CLIENT_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    HISTORY_MAX = 500,
    HISTORY_MAX_BYTES = 1 << 19,
};

struct history;

struct history *history_new(void);
void history_free(struct history *history);

/* Keeps a copy of what was sent, unless it is the same as the newest, and ends the walk. */
void history_add(struct history *history, const char *text, size_t len);

/* Steps to the next older entry; `draft` is what is in the editor now, kept at the first step so
 * that stepping down ends there. NULL: there is none. Borrowed until the history changes. */
const char *history_up(struct history *history, const char *draft);

/* Steps to the next newer entry, in the end to the draft. NULL: was there already. */
const char *history_down(struct history *history);

/* How many entries were ever added. */
uint64_t history_count(const struct history *history);

/* The entry `back` before the newest, or NULL. */
const char *history_at(const struct history *history, size_t back);

#endif
