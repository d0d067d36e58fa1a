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

struct session;

/* One session in one room; also before its join, and after its departure, is out of the tail. */
struct member {
    struct session *session;
    struct room *room;
    struct member *next_of_session;
    struct member *prev_in_room;
    struct member *next_in_room;
    size_t seat;        /* index in the roster, or SEAT_NONE */
    uint32_t in_flight; /* its joins and departures that are not yet out of the tail */
    bool in;            /* decided; only then it is in the room's list */
    bool operator;      /* may change a locked topic */
};

struct room {
    char *name; /* as first spelt */
    char *key;  /* folded, for comparing */
    int64_t created_ms;
    char *topic; /* NULL: none */
    char *topic_by;
    int64_t topic_ms;
    bool topic_locked; /* only operators change the topic */
    bool members_only; /* nobody speaks into it from outside */
    bool permanent;    /* never makes place for another room */
    struct member *first; /* decided, in order of joining */
    struct member *last;
    size_t member_count;
    uint32_t in_flight; /* entries of its log that are not yet out of the tail */
    uint64_t *roster;
    struct member **seats; /* whose seat: parallel to the roster */
    size_t roster_count;
    size_t roster_size;
};

/* A room with no one in it; copies the strings. */
struct room *room_new(const char *name, const char *key, int64_t now_ms);

/* Frees a room that has neither members nor seats. */
void room_free(struct room *room);

/* The record of a session in a room, decided or on its way, or NULL. */
struct member *room_member(const struct room *room, const struct session *session);

/* Puts a session into the room as decided; makes the record if there is none. */
struct member *room_admit(struct room *room, struct session *session);

/* Takes a member out of the room as decided; the record stays until room_settle(). */
void room_dismiss(struct member *member);

/* Gives a member a seat in the roster, if it has none. */
void room_seat(struct member *member);

/* Takes the member's seat away, if it has one. */
void room_unseat(struct member *member);

/* Frees the record if nothing holds it any more: neither decided, nor seated, nor in flight. */
void room_settle(struct member *member);

/* Replaces the topic; "" or NULL clears it. */
void room_set_topic(struct room *room, const char *topic, const char *by, int64_t now_ms);

#endif
