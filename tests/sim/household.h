/* A simulated server, hub over log on disk, for those whose disk fails and whose server is killed; and
 * what the world outside knows, which no crash may contradict. For sim_store.c, household.c, shown.c. */
#ifndef SNUG_TESTS_SIM_HOUSEHOLD_H
#define SNUG_TESTS_SIM_HOUSEHOLD_H

#include "server/core/hub.h"
#include "server/store/store.h"

enum {
    PEOPLE = 6,
    ROOMS = 3,
    LOGS = ROOMS + PEOPLE * PEOPLE,
};

extern const char *const sim_rooms[ROOMS];
extern const char *const sim_nicks[PEOPLE];

/* What somebody wants to be said. */
struct wish {
    int person;
    int target;            /* a room's index, or ROOMS + a person's */
    bool sent;             /* in this life of the server */
    bool seen;             /* its echo */
    bool doomed;           /* somebody has asked to take it back */
    bool gone;             /* somebody has been shown that it was taken back */
    char id[EVENT_ID_MAX]; /* of the echo */
    int64_t time_ms;
};

/* What was shown of a log: the ids of its entries by position. */
struct shown {
    char *log;
    char (*ids)[EVENT_ID_MAX];
    size_t size;
    uint64_t last; /* position */
};

struct sim {
    uint64_t chance;
    char dir[40];
    int64_t now_ms;
    struct hub *hub;
    struct store *store;
    struct outbox box;
    uint64_t generation;
    uint64_t sessions[PEOPLE]; /* SESSION_NONE: not there */
    bool entered[PEOPLE];
    bool appended; /* by the step at hand */
    bool up;       /* the log takes entries, as far as was told */
    bool failing;
    bool dead; /* the disk has done it, and nobody is told any more */
    struct wish *wishes;
    size_t wish_count, wish_size;
    struct shown logs[LOGS];
    bool owned[PEOPLE];                /* each his own name, as he was told */
    int64_t marks[PEOPLE][ROOMS];      /* how far they have read, as the hub has it */
    int64_t kept_marks[PEOPLE][ROOMS]; /* that are on disk for sure */
    unsigned long crashes, failures, repeated, shown, redacted, marked;
};

/* A number below `below`. */
unsigned sim_pick(struct sim *sim, unsigned below);

/* household.c: the server's life. */
void sim_begin(struct sim *sim);
void sim_end(struct sim *sim);
void sim_crash(struct sim *sim);

/* Steps the hub, and takes its effects to the log and to the people. */
void sim_step(struct sim *sim, const struct command *command);

/* The end of a turn of the server's loop. */
void sim_turn(struct sim *sim);

/* Each name belongs to its own, who asks for it, or somebody else does in vain. */
void sim_claim(struct sim *sim, int name, int person);

/* The disk begins or ceases to fail. */
void sim_disk_fails(struct sim *sim);

/* shown.c: somebody was shown the entry: from now on it must stay what it is. */
void shown_entry(struct sim *sim, const struct event *event);

/* The wish that the speech was. */
struct wish *shown_wish(struct sim *sim, const struct event *event);

/* Reads all entries of all logs, in order; asserts that they are what was shown. `said`, one a wish,
 * counts how often each is there; NULL: nobody wants to know. */
void shown_check(struct sim *sim, unsigned char *said);

/* Takes a page of that reading. */
void shown_page(struct sim *sim, const struct event *events, size_t count);

void shown_release(struct sim *sim);

#endif
