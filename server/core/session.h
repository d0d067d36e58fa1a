/* A session: one connection's presence in the hub. Knows no socket and no
 * protocol. Others read its fields; only the core writes them. */
#ifndef SNUG_SERVER_CORE_SESSION_H
#define SNUG_SERVER_CORE_SESSION_H

#include "server/core/types.h"

struct member;

struct session {
    uint64_t id;
    char *nick;     /* as spelt; NULL until named */
    char *nick_key; /* folded, for comparing */
    char *user;
    char *realname;
    char *host;
    int64_t connected_ms;
    int64_t spoke_ms;   /* last speech, for idle times */
    uint32_t in_flight; /* entries proposed and not yet out of the tail */
    bool entered;
    bool gone;               /* left; kept until its last entry is out */
    struct member *members;  /* rooms it is in or is leaving, most recent first */
    uint32_t room_count;     /* rooms it is in, as decided */
    char presence_seen[EVENT_ID_MAX]; /* the last quit or nick change shown to it */
};

/* How it is shown to others; the strings are borrowed from the session. */
struct who session_who(const struct session *session);

#endif
