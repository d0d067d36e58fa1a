/* A transcript being played, for the files that play it: see script.c. */
#ifndef SNUG_TESTS_SCRIPT_SCRIPT_H
#define SNUG_TESTS_SCRIPT_SCRIPT_H

#include "common/str.h"
#include "tests/script/house.h"

enum { NAME_BYTES = 16 };

struct actor {
    char name[NAME_BYTES];
    struct house_peer *peer;
};

enum { WORDS = 8 };

/* What a scene has noted, for one word in braces. */
struct noted {
    char word[NAME_BYTES];
    char text[64];
};

/* Where somebody comes from. */
struct place {
    char name[NAME_BYTES];
    char address[64];
};

struct script {
    const char *path;
    int line_number;
    unsigned faults;
    unsigned scenes;
    struct house *house; /* NULL until somebody comes */
    struct str lobby;
    struct str motd;
    bool guests;
    bool rejoin;
    bool no_founders;
    size_t replay;
    size_t max_rooms;
    bool on_disk;
    struct actor actors[HOUSE_PEERS];
    size_t actor_count;
    struct noted noted[WORDS];
    size_t noted_count;
    struct place places[WORDS];
    size_t place_count;
};

/* Says what is wrong in the line, and counts it. */
void script_fault(struct script *script, const char *what, const char *text);

/* The house of the scene, built when first asked for. */
struct house *script_house(struct script *script);

/* person.c: plays a line about somebody: "NAME arrives", "NAME: LINE", "NAME sees: PATTERN" ... */
void person_act(struct script *script, const char *text);

/* Takes the next line that the peer was sent; false when there is none. */
bool person_next_line(struct house_peer *peer, struct str *line);

#endif
