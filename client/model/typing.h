/* Who is typing in a buffer, and until when that is to be believed.
 *
 * Bounded: further ones are not shown. Knows no clock: times are arguments. */
#ifndef SNUG_CLIENT_MODEL_TYPING_H
#define SNUG_CLIENT_MODEL_TYPING_H

#include <stddef.h>
#include <stdint.h>

enum {
    TYPISTS_MAX = 8,
};

struct str;

struct typists {
    struct typist {
        char *nick;
        int64_t until_ms;
    } list[TYPISTS_MAX]; /* in the order they began */
    size_t count;
};

/* Zeroed typists are empty; release leaves them so. */
void typists_release(struct typists *typists);

/* That person types, until then, unless more is heard; those who are over at `now_ms` make room. */
void typists_set(struct typists *typists, const char *nick, int64_t now_ms, int64_t until_ms);

/* That person does not type any more. */
void typists_drop(struct typists *typists, const char *nick);

/* Appends "bob is typing…", or nothing when nobody does at that time. */
void typists_words(const struct typists *typists, int64_t now_ms, struct str *out);

/* When the words change by themselves next; 0: never. */
int64_t typists_next_ms(const struct typists *typists, int64_t now_ms);

#endif
