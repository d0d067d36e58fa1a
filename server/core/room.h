/* A room: its members as decided, and its roster as delivered.
 *
 * Decided is what the rules go by and changes at once. The roster is the array
 * of sessions that the fan-out walks; it changes only when a join or departure
 * comes out of the log's tail, so everybody sees exactly the entries between
 * his own join and his own departure, in the log's order. A room outlives its
 * last member with its topic. Knows no socket and no protocol. */
#ifndef SNUG_SERVER_CORE_ROOM_H
#define SNUG_SERVER_CORE_ROOM_H

#include "server/core/types.h"

#define SEAT_NONE SIZE_MAX

/* One session in one room. */
struct member {
    struct session *session;
    struct room *room;
    struct member *next_of_session;
    struct member *prev_in_room;
    struct member *next_in_room;
    size_t seat;           /* index in the roster, or SEAT_NONE before and after */
    bool in;               /* decided */
    bool operator;         /* may change the topic of a locked room, kick, ... */
    uint32_t in_flight;    /* joins and departures not yet out of the tail */
};

struct room {
    char *name; /* as first spelt */
    char *key;  /* folded, for comparing */
    int64_t created_ms;
    char *topic; /* NULL: none */
    char *topic_by;
    int64_t topic_ms;
    struct member *members; /* in order of joining */
    struct member *last_member;
    size_t member_count; /* decided */
    uint64_t *roster;
    struct member **seats; /* parallel to the roster */
    size_t roster_count;
    size_t roster_size;
};

/* The first decided member in order of joining, or NULL. */
const struct member *room_first(const struct room *room);

/* The decided member after this one, or NULL. */
const struct member *room_next(const struct member *member);

/* The record of a session in a room, decided or still leaving, or NULL. */
struct member *room_member(const struct room *room, const struct session *session);

#endif
