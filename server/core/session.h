/* A session: somebody's presence in the hub, by one connection or several. Knows no socket and no
 * protocol. Others read its fields; only the core writes them.
 *
 * Whoever has proved to be the account that somebody here is logged in to, and enters by the same
 * nick, is no second person but a further connection of his: both are in the same rooms, under the
 * same modes. The first connection lies in the session and gives it its id, which it keeps when that
 * connection has left and others are still here. */
#ifndef SNUG_SERVER_CORE_SESSION_H
#define SNUG_SERVER_CORE_SESSION_H

#include "common/slab.h"
#include "server/core/marks.h"
#include "server/core/names.h"
#include "server/core/traits.h"
#include "server/core/types.h"

struct member;
struct watch_link;

/* What a session says of itself, and what it may. */
enum session_flag {
    SESSION_INVISIBLE = 1 << 0, /* not listed to those who share no room with it */
    SESSION_WALLOPS = 1 << 1,   /* wants to hear what operators say to all */
    SESSION_BOT = 1 << 2,
    SESSION_OPERATOR = 1 << 3,      /* of the server; only COMMAND_EMPOWER sets it */
    SESSION_ACCOUNTS_ONLY = 1 << 5, /* only people with accounts tell it anything in private */
    SESSION_SECURE = 1 << 4, /* all its connections are encrypted; only COMMAND_CONNECT sets it */
};

/* What few connections have. */
struct connection_aside {
    struct watch_link *watches; /* nicks it watches */
    uint32_t watch_count;
    char *address; /* where it comes from; NULL: from the address of its session */
    char *away;    /* the message of whoever sits there; NULL: here */
};

/* One connection of a session: what is in flight, seen, watched and said for it alone. There are as many
 * as people, so what few of them need lies aside. */
struct connection {
    uint64_t id;
    struct session *session;
    struct connection *next;        /* of those of its session that are here */
    struct connection_aside *aside; /* NULL: nothing */
    uint32_t in_flight;             /* entries proposed and not yet out of the tail */
    uint32_t counted;               /* serial of the last list of witnesses it was put on */
    uint32_t presence_seen;         /* hash of the last quit or nick change shown to it */
    bool secure;
    bool gone; /* left */
};

/* What few sessions have. */
struct session_aside {
    const char *away;     /* see session_away() */
    struct marks marks;   /* how far it has read, while it has no account */
    struct traits traits; /* what it tells, while it has no account */
    int64_t knocked_ms;   /* 0: never */
    int64_t describing_ms;
    uint32_t described; /* changes of traits since then */
};

struct session {
    const char *host; /* as others see it; in front of the block that the next ones lie in, too */
    const char *address; /* where it comes from: for operators and bans */
    const char *nick;    /* as spelt; NULL until named */
    const char *user;
    const char *realname;
    char *account;               /* NULL: none */
    struct session_aside *aside; /* NULL: nothing */
    uint64_t
        skeletons[SKELETONS]; /* hashes of what its nick looks like, once it has entered; 0: none */
    int64_t named_ms;         /* since when it holds this nick */
    int64_t account_made_ms;  /* since when there is its account */
    uint32_t connected_s;     /* since 1970, as is the next one */
    uint32_t spoke_s;         /* last speech, for idle times */
    struct member *members;   /* rooms it is in or is leaving, most recent first */
    struct connection *connections; /* that are here, the latest first */
    uint32_t room_count;            /* rooms it is in, as decided */
    uint32_t connection_count;      /* that are here */
    uint32_t in_flight;             /* of all its connections, and `struck` */
    uint32_t struck;                /* kicks of it that are not yet out of the tail */
    uint16_t flags;                 /* enum session_flag */
    uint16_t key_at;                /* see session_key() */
    bool entered;
    bool unseated; /* entered while the log took nothing, and in no room yet for that reason */
    bool gone;     /* left; kept until its last entry is out */
    struct connection first;
};

/* Its nick folded, for comparing; NULL until named. */
static inline const char *session_key(const struct session *session)
{
    return session->nick != NULL ? session->nick + session->key_at : NULL;
}

/* The message, of one of its connections when all are away; NULL: here. */
static inline const char *session_away(const struct session *session)
{
    return session->aside != NULL ? session->aside->away : NULL;
}

/* Its id, which is that of its first connection. */
static inline uint64_t session_id(const struct session *session)
{
    return session->first.id;
}

/* A session of that slab with no name yet, of one connection; copies host and address. */
struct session *session_new(struct slab *slab, uint64_t id, const char *host, const char *address,
                            int64_t now_ms);

/* Goes by a nick, whose folded form is given too. This and the next ones copy what they are given, and
 * move all that the session is called, whoever still points to it. */
void session_set_nick(struct session *session, const char *nick, const char *key);

/* Goes by none. */
void session_clear_nick(struct session *session);

/* Sets the user's and the real name. */
void session_describe(struct session *session, const char *user, const char *realname);

/* Is shown to others at that host. */
void session_set_host(struct session *session, const char *host);

/* Comes from there, for operators and bans. */
void session_set_address(struct session *session, const char *address);

/* What it has aside, made when it had nothing yet. */
struct session_aside *session_open_aside(struct session *session);

/* The same of one connection. */
struct connection_aside *connection_open_aside(struct connection *connection);

/* The message of whoever sits at this connection; NULL: here. */
const char *connection_away(const struct connection *connection);

/* Where it comes from; NULL: from the address of its session. */
const char *connection_address(const struct connection *connection);

/* Frees a session that is in no room and has nothing in flight, with its connections. */
void session_free(struct session *session);

/* Adds a connection, which the session frees. */
struct connection *session_attach(struct session *session, uint64_t id);

/* Takes one off the list of those that are here. */
void session_detach(struct connection *connection);

/* Frees one that has left; the first one stays as long as its session. */
void connection_free(struct connection *connection);

/* How it is shown to others; the strings are borrowed from the session. */
struct who session_who(const struct session *session);

#endif
