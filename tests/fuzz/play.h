/*
 * A house whose peers do what the fuzzer's bytes say. Input: parts separated by RS (0x1e), each begun by
 * a letter that says what it is.
 */
#ifndef SNUG_TESTS_FUZZ_PLAY_H
#define SNUG_TESTS_FUZZ_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct house;
struct house_peer;

enum { PLAY_PEERS_MAX = 4 };

struct play {
    struct house *house;
    struct house_peer *(*open)(struct house *house, size_t number);
    struct house_peer *peers[PLAY_PEERS_MAX]; /* NULL: was not there yet */
    size_t opened;
};

/* Bytes of the peer of that number, connected anew if it is gone; of nobody, when there were too many. */
void play_talk(struct play *play, size_t number, const void *bytes, size_t len);

/* It hangs up. */
void play_hang_up(struct play *play, size_t number);

/* h, w, f: the log holds what it is given, writes what it held, fails it. False: the letter is another. */
bool play_log(struct play *play, char what);

/* Gives each part of the input to `act`. */
void play_parts(struct play *play, const uint8_t *data, size_t size,
                void (*act)(struct play *play, char what, const uint8_t *bytes, size_t len));

#endif
