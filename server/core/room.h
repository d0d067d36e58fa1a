/* A room: its members as decided, and its roster as delivered.
 *
 * Decided is what the rules go by and changes at once. The roster is the array
 * of connections that the fan-out walks; it changes only when a join or departure
 * comes out of the log's tail, so everybody sees exactly the entries between
 * his own join and his own departure, in the log's order. A room outlives its
 * last member with its topic. Knows no socket and no protocol. */
#ifndef SNUG_SERVER_CORE_ROOM_H
#define SNUG_SERVER_CORE_ROOM_H

#include "server/core/ledger.h"
#include "server/core/masks.h"
#include "server/core/names.h"
#include "server/core/traits.h"
#include "server/core/types.h"

#define SEAT_NONE UINT32_MAX

struct session;

/* How a room is run; the letters are in core/modes.h. */
enum room_flag {
    ROOM_INVITE_ONLY = 1 << 0,
    ROOM_MODERATED = 1 << 1,      /* only those with a rank speak */
    ROOM_MEMBERS_ONLY = 1 << 2,   /* nobody speaks into it from outside */
    ROOM_TOPIC_LOCKED = 1 << 3,   /* only operators change the topic */
    ROOM_SECRET = 1 << 4,         /* outsiders do not see that it exists */
    ROOM_PRIVATE = 1 << 5,        /* outsiders do not see who is in it */
    ROOM_NO_QUERIES = 1 << 6,     /* programs ask programs nothing here (CTCP) */
    ROOM_ACCOUNTS_JOIN = 1 << 7,  /* only people with accounts come in */
    ROOM_ACCOUNTS_SPEAK = 1 << 8, /* only people with accounts, or a rank, speak */
};

/* What a member may; each includes those below it. */
enum rank {
    RANK_VOICE = 1 << 0,
    RANK_HALF = 1 << 1,
    RANK_OPERATOR = 1 << 2,
    RANK_ADMIN = 1 << 3,
    RANK_FOUNDER = 1 << 4,
    RANK_KEEPER =
        1 << 5, /* who opened the room, shown as the operator that he is; nobody gives it */
};

enum room_list {
    LIST_BANS,
    LIST_EXCEPTIONS,  /* from bans */
    LIST_INVITATIONS, /* exceptions from invite-only */
    ROOM_LISTS
};

/* One session in one room: already while its join, and still while its departure, is on its way. */
struct member {
    struct session *session;
    struct room *room;
    struct member *next_of_session;
    struct member *prev_in_room;
    struct member *next_in_room;
    uint32_t seat;      /* index of its first seat in the roster, or SEAT_NONE */
    uint32_t in_flight; /* its joins and departures that are not yet out of the tail */
    uint8_t ranks;      /* enum rank, or-ed */
    bool in;            /* decided; only then it is in the room's list */
};

/* What a room remembers an account as, while it is away too. */
struct standing {
    char *account;
    char *key; /* folded */
    unsigned ranks;
};

struct topic {
    char *text; /* NULL: none */
    char *by;
    int64_t time_ms;
};

/* A time, and where it is in a log as soon as that is known: several entries may have the same time. */
struct since {
    int64_t time_ms;
    uint64_t position; /* of the last entry before; 0: not known */
};

/* What a room was called before. */
struct former {
    char *name;      /* NULL: nothing */
    char *key;       /* folded */
    int64_t time_ms; /* when it got another name */
};

struct room {
    char *name; /* as first spelt */
    char *key;  /* folded, for comparing */
    struct former former;
    struct ledger *ledger;
    struct list in_spare;          /* of the ledger, while it is spare */
    char *log;                     /* the name of its log, which stays when the room is renamed */
    uint64_t skeletons[SKELETONS]; /* hashes of what its name looks like; 0: none */
    int64_t created_ms;
    struct since since;   /* what was said up to then is read by nobody any more */
    uint64_t sealed_by;   /* whose join that is, while it is not out of the tail */
    struct topic topic;   /* as decided */
    struct topic visible; /* the topic that is out of the tail */
    unsigned flags;       /* enum room_flag, or-ed */
    char *password;       /* the key that newcomers must know; NULL: none */
    size_t limit;         /* of members; 0: none */
    struct masks lists[ROOM_LISTS];
    struct traits traits; /* what is told of it */
    uint64_t *invited;    /* sessions that may come in once */
    size_t invited_count;
    struct standing *standings;
    size_t standing_count;
    bool permanent;       /* never makes place for another room */
    bool abandoned;       /* its last member left, and with him the way it was run */
    struct member *first; /* decided, in order of joining */
    struct member *last;
    size_t member_count;
    uint32_t in_flight; /* entries of its log that are not yet out of the tail */
    uint64_t *roster;
    struct member **seats; /* whose seat: parallel to the roster */
    size_t seated_count;   /* people in the roster, a seat each; behind them, in no order, those */
    size_t roster_count;   /* of their further connections */
    size_t roster_size;
    uint64_t roster_number; /* of this state of it, among those of all rooms; 0: not numbered yet */
};

/* A room with no one in it; copies the strings. The ledger outlives it. */
struct room *room_new(struct ledger *ledger, const char *name, const char *key, const char *log,
                      int64_t now_ms);

/* Whether it makes place for another one: nobody is in it, nobody runs it, and it has no topic. */
bool room_is_spare(const struct room *room);

/* Notes in the ledger whether it is spare, after its topic, or whether it is permanent, was set. */
void room_reckon(struct room *room);

/* Frees a room that has neither members nor seats. */
void room_free(struct room *room);

/* The record of a session in a room, decided or on its way, or NULL. */
struct member *room_member(const struct room *room, const struct session *session);

/* Puts a session into the room as decided; makes the record if there is none. */
struct member *room_admit(struct room *room, struct session *session);

/* Takes a member out of the room as decided; the record stays until room_settle(). */
void room_dismiss(struct member *member);

/* Gives each connection of a member a seat in the roster, if it has none. */
void room_seat(struct member *member);

/* The same with one connection of it. */
void room_seat_connection(struct member *member, uint64_t connection);

/* Takes the member's seats away, if it has any. */
void room_unseat(struct member *member);

/* Takes away the seat of one of its connections, if it has one. */
void room_unseat_connection(struct member *member, uint64_t connection);

/* Frees the record if nothing holds it any more: neither decided, nor seated, nor in flight. */
void room_settle(struct member *member);

/* The ranks that the room remembers for an account; 0 for NULL and strangers. */
unsigned room_standing(const struct room *room, const char *account);

/* Remembers these ranks for an account, 0 to forget it; false when too many are remembered. */
bool room_set_standing(struct room *room, const char *account, unsigned ranks);

/* Whether somebody who is remembered may run the room. */
bool room_has_owner(const struct room *room);

/* Back to how a new room is run: members only, topic locked, no lists, no key, no limit, no traits. */
void room_reset(struct room *room);

/* Frees its names; it is nothing afterwards. */
void former_release(struct former *former);

/* Replaces a topic; "" or NULL clears its text. */
void topic_set(struct topic *topic, const char *text, const char *by, int64_t time_ms);

/* Lets a session in once more; the oldest invitation makes place when all are taken. */
void room_invite(struct room *room, uint64_t session);

/* Its invitation, if it has one, is used or withdrawn. */
void room_uninvite(struct room *room, uint64_t session);

/* Whether it has one. */
bool room_is_invited(const struct room *room, uint64_t session);

#endif
