/* What people put beside a message: short texts, mostly an emoji, each by somebody.
 *
 * Invariant: nobody is there twice with the same text. Bounded: what is too much is left out. Knows
 * nothing of lines and buffers. */
#ifndef SNUG_CLIENT_MODEL_REACTION_H
#define SNUG_CLIENT_MODEL_REACTION_H

#include <stdbool.h>
#include <stddef.h>

enum {
    REACTIONS_MAX = 100,     /* beside one message */
    REACTION_MAX_BYTES = 64, /* a longer text is no reaction */
};

struct str;

struct reaction {
    char *text, *nick;
};

struct reactions {
    struct reaction *list; /* in the order they came */
    size_t count;
};

/* Zeroed reactions are empty; release frees them and leaves them so. */
void reactions_release(struct reactions *reactions);

/* Adds one, or takes it away. False: nothing changed. */
bool reactions_set(struct reactions *reactions, const char *text, const char *nick, bool on);

bool reactions_have(const struct reactions *reactions, const char *text, const char *nick);

/* Appends each text once, with how many put it there: "👍 2  🎉 1". */
void reactions_words(const struct reactions *reactions, struct str *out);

#endif
