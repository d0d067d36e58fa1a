/* The inside of the hub, for its own files and its rules; nobody else includes it. */
#ifndef SNUG_SERVER_CORE_INTERNAL_H
#define SNUG_SERVER_CORE_INTERNAL_H

#include "common/index.h"
#include "common/ring.h"
#include "common/slab.h"
#include "common/str.h"
#include "common/table.h"
#include "server/core/hub.h"
#include "server/core/registry.h"

struct hub {
    struct hub_config config;
    char *lobby;
    struct slab sessions;
    struct registry connections; /* those that have left and still have entries in flight too */
    struct index nicks;          /* by hub_nick_hash(): who holds the name, entered or not */
    uint64_t nick_seed;
    struct ledger ledger;   /* of the rooms */
    struct table rooms;     /* by key */
    struct table logs;      /* rooms by the name of their log */
    struct table owners;    /* by folded nick: which account owns it */
    struct table watched;   /* by folded nick: who wants to know of it */
    struct index skeletons; /* who is here, by the skeleton of his nick: see rules/confusables.c */
    struct table owned_skeletons; /* struct owner by the same */
    struct table room_skeletons;  /* rooms by those of their names */
    struct table forwarded;       /* rooms by the keys of what they were called before */
    uint64_t skeleton_seed;
    struct table marks;   /* by folded account: how far it has read */
    struct table rejoins; /* by folded account: the rooms that it comes back to */
    struct table known;   /* by folded name: struct known */
    struct table traits;  /* by folded account: what it tells about itself */
    struct ring departed; /* struct departed, the oldest first */
    struct ban *bans;     /* from the server */
    size_t ban_count;
    int64_t next_expiry_ms; /* of a ban; 0: none that ends */
    struct str *key;        /* scratch for one folded name, also in queries */
    size_t connected;       /* connections that have not left */
    size_t entered;         /* sessions */
    size_t invisible;       /* of those who have entered */
    size_t operators;
    bool forgetful;           /* rooms were forgotten, and their logs are still there */
    int64_t now_ms;           /* never runs backwards, so that a log's times are in order */
    uint32_t presence_serial; /* marks who has been counted among witnesses */
    uint64_t last_roster;     /* number of the latest state of a roster that was numbered */
    uint64_t random_state;
    int64_t id_ms; /* of the last id, and its two halves of chance */
    uint64_t id_high, id_low;
    bool store_up;
};

/* One name that is owned. */
struct owner {
    char *key;                     /* of the name */
    char *account;                 /* its folded name */
    uint64_t skeletons[SKELETONS]; /* hashes of what the name looks like */
};

/* Something ends then (0: never), and has to be looked at. */
void hub_note_expiry(struct hub *hub, int64_t until_ms);

/* The hash of a folded nick. */
uint32_t hub_nick_hash(const struct hub *hub, const char *key);

/* The room of that name, which is folded first; NULL when there is none. */
struct room *hub_room(const struct hub *hub, const char *name);

/* The room that writes into that log, whatever it is called now, or NULL. */
struct room *hub_room_of_log(const struct hub *hub, const char *log);

/* Who holds that nick, which is folded first, entered or not; NULL when nobody does. */
struct session *hub_holder(const struct hub *hub, const char *nick);

/* The same by the nick as folded. */
struct session *hub_holder_of_key(const struct hub *hub, const char *key);

/* The session of that connection, which may have left; NULL when nothing is known of it any more. */
struct session *hub_by_id(const struct hub *hub, uint64_t id);

/* The connection itself, likewise. */
struct connection *hub_connection_by_id(const struct hub *hub, uint64_t id);

/* Fills `id` with a new ULID of this moment. */
void hub_new_id(struct hub *hub, char id[EVENT_ID_MAX]);

#endif
