/* The session as its own files see it; not for others. */
#ifndef SNUG_CLIENT_SESSION_INTERNAL_H
#define SNUG_CLIENT_SESSION_INTERNAL_H

#include "client/model/model.h"
#include "client/session/awaiting.h"
#include "client/session/backlog.h"
#include "client/session/ban.h"
#include "client/session/batch.h"
#include "client/session/capability.h"
#include "client/session/ctcp.h"
#include "client/session/device.h"
#include "client/session/isupport.h"
#include "client/session/listing.h"
#include "client/session/multiline.h"
#include "client/session/outgoing.h"
#include "client/session/rejoin.h"
#include "client/session/search.h"
#include "client/session/session.h"
#include "client/session/targets.h"
#include "client/session/typing.h"
#include "common/irc/message.h"
#include "common/linebuf.h"
#include "common/str.h"

enum {
    SESSION_ROOMS_MAX = 200, /* to be in again after a lost connection */
    SESSION_NICK_MAX_BYTES = 64,
};

enum phase {
    PHASE_OFFLINE,
    PHASE_REGISTERING,
    PHASE_ENTERING, /* registered, and joining the rooms; intents wait for that */
    PHASE_ONLINE,
};

/* A room to be in. */
struct wanted_room {
    char *name, *key; /* key NULL: none */
};

struct session {
    struct model *model;
    char *wanted_nick, *user, *real_name;
    char *lobby; /* opened ahead of the server's doing so; NULL once that is settled */
    uint64_t seed;
    int64_t now_ms; /* of the call under way */

    enum phase phase;
    bool encrypted;
    bool has_certificate; /* that TLS shows */
    bool login_waits;     /* for the answers to AUTHENTICATE; CAP END comes behind them */
    struct device device;
    bool guessed_nick;     /* nobody said which nick to want */
    unsigned nick_tries;   /* alternates tried in this registration */
    size_t nick_max_bytes; /* of alternates */
    bool reclaiming;       /* asked for the wanted nick since it became free */
    unsigned caps;         /* enum cap */
    struct negotiation negotiation;
    struct multiline_limits multiline; /* that the server has named */
    struct isupport isupport;          /* of this connection */
    size_t prefix_bytes; /* of what stands in front of our messages; 0: not learned yet */

    struct linebuf input;
    struct str output;
    struct str close_reason;
    int64_t heard_ms; /* when the server said anything last */

    struct wanted_room rooms[SESSION_ROOMS_MAX];
    size_t n_rooms;
    struct awaiting awaiting;
    size_t n_undelivered; /* own lines that came to a bad end */
    struct probe probe;
    struct batch batches[BATCHES_MAX];
    size_t n_batches;
    struct fetch fetches[FETCHES_MAX];
    size_t n_fetches;
    struct lookup lookup;
    bool wants_past;    /* the last page of rooms entered for the first time */
    int64_t entered_ms; /* when this connection was let in */
    int64_t lost_ms;    /* when the last connection that let us in ended; 0: there was none */
    struct targets targets;
    struct typing typing;
    struct listing listing;
    size_t n_rows; /* of a list of other things that is being answered */
    struct rejoin rejoin;
    int64_t marked_ms; /* when the server was told last how far the user has read */
    struct ctcp ctcp;
    struct ban_request bans[BANS_MAX];
    size_t n_bans;
};

/* Whether that nick is ours. */
bool session_is_me(const struct session *s, const char *nick);

/* The room is to be entered again after a lost connection, with that key (NULL: none); one of that name
 * is replaced, and one too many is left out. */
void session_want_room(struct session *s, const char *name, const char *key);

/* The room is not wanted any more. */
void session_forget_room(struct session *s, const char *name);

/* Begins to be part of the network: the server has sent 001. */
void session_welcomed(struct session *s);

/* What was sent to enter the rooms has been answered: the user's turn. */
void session_entered(struct session *s);

/* Writes one command with its parameters, the last one trailing; NULL-ended. */
void session_send(struct session *s, const char *command, ...) __attribute__((sentinel));

#endif
