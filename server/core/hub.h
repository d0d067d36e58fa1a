/* The hub: rooms, sessions and the rules between them, as a pure state machine.
 *
 * A command and the time go in, effects come out. There is no socket, clock,
 * disk or protocol text inside. What is proposed to a log changes nothing that
 * others see until it comes back as COMMAND_TAILED.
 *
 * A session with entries in flight may go on speaking; its door holds back every
 * other command of it until hub_in_flight() says 0, so that each person's
 * commands take effect one after the other and replies keep their order. */
#ifndef SNUG_SERVER_CORE_HUB_H
#define SNUG_SERVER_CORE_HUB_H

#include "common/table.h"
#include "server/core/command.h"
#include "server/core/outbox.h"
#include "server/core/room.h"
#include "server/core/session.h"
#include "server/core/types.h"

/* What one must be to come in. */
enum required {
    REQUIRE_NOTHING,
    REQUIRE_ACCOUNT, /* REFUSED_ACCOUNT_WANTED */
    REQUIRE_KNOWN,   /* REFUSED_NOT_ADMITTED: by his nick, or his account */
};

/* Limits in the stated unit; each has the refusal that the comment names. */
struct hub_config {
    const char *lobby;            /* the room that everybody is put into; NULL for none */
    size_t max_sessions;          /* REFUSED_NO_MORE_SESSIONS; connections in all */
    size_t max_connections;       /* REFUSED_NICK_CROWDED; of one session */
    size_t max_rooms;             /* REFUSED_NO_MORE_ROOMS */
    size_t max_rooms_per_session; /* REFUSED_TOO_MANY_ROOMS */
    size_t max_nick_bytes;        /* REFUSED_NICK_BAD */
    size_t max_room_name_bytes;   /* REFUSED_ROOM_NAME_BAD */
    size_t max_topic_bytes;       /* longer ones are cut at a character's end */
    size_t max_text_bytes;        /* REFUSED_TOO_LONG */
    size_t max_multiline_bytes;   /* the same, of a text of several lines */
    size_t max_key_bytes;         /* REFUSED_KEY_BAD; a room's password */
    size_t max_members;           /* REFUSED_ROOM_FULL; of one room; 0: any number */
    size_t max_mask_bytes;        /* REFUSED_MODE_ARGUMENT, REFUSED_MASK_BAD */
    size_t max_list_masks;        /* REFUSED_LIST_FULL; in all lists of a room together */
    size_t max_watches;           /* REFUSED_WATCH_FULL; nicks that one session watches */
    size_t max_owned_names;       /* hub_own() */
    int64_t max_redact_ms;        /* REFUSED_TOO_LATE; how long one may take back what one said */
    size_t max_marks;             /* of one person; the oldest makes place for another one */
    size_t max_known;             /* REFUSED_NO_MORE_NAMES; names that are more than owned */
    enum required require;        /* of those who come in */
    int64_t release_after_ms;     /* REFUSED_TOO_SOON; unused for so long, a name may be released */
    /* Writes a name's skeleton (UTS #39), the same for names that such a reader cannot tell apart:
     * REFUSED_NICK_ALIKE, REFUSED_ROOM_ALIKE. NULL: names are told apart by their keys alone. */
    void (*skeleton)(void *ctx, struct str *out, const char *name, enum skeleton reader);
    void *skeleton_ctx;
    size_t max_bans;             /* REFUSED_LIST_FULL; from the server */
    size_t max_departed;         /* who left lately: the oldest is forgotten */
    size_t max_traits;           /* REFUSED_TRAITS_FULL; of one person or room */
    size_t max_trait_name_bytes; /* REFUSED_TRAIT_NAME_BAD */
    size_t max_trait_bytes;      /* REFUSED_TOO_LONG */
    bool founders;               /* who opens a room with an account keeps it */
    bool rejoin;                 /* those with an account come back to the rooms that they left */
    size_t max_trait_changes;    /* REFUSED_TOO_OFTEN; in HUB_TRAITS_WINDOW_MS */
};

enum {
    HUB_TRAITS_WINDOW_MS = 60 * 1000,
    HUB_TRAITS_ROOM = 100, /* in larger rooms nobody is told of a newcomer's traits unasked */
};

struct hub;

/* Sensible limits for a team's server. */
struct hub_config hub_config_default(void);

/* A hub with no one in it; copies the config; `seed` feeds its ids and hash tables. */
struct hub *hub_new(const struct hub_config *config, uint64_t seed);

/* Frees it, with all who are in it, whatever is in flight; nobody is told. */
void hub_free(struct hub *hub);

/* Takes over new limits; those of the lobby, of names, and of how many sessions and rooms there may be,
 * stay as they were when the hub was made. */
void hub_set_limits(struct hub *hub, const struct hub_config *config);

/* Carries out one command at the time now_ms (since 1970) and adds what follows to the outbox. */
void hub_step(struct hub *hub, int64_t now_ms, const struct command *command, struct outbox *out);

/* How many entries of that connection are on their way through the store, and others that it has to
 * wait for; 0 for a stranger. */
uint32_t hub_in_flight(const struct hub *hub, uint64_t connection);

/* Queries. What they return is borrowed until the next step. */

/* The config, as of now. */
const struct hub_config *hub_limits(const struct hub *hub);

/* The session of a connection, or NULL when the connection has left. */
const struct session *hub_session(const struct hub *hub, uint64_t connection);

/* The session that this is or was a connection of, as long as any of its connections is here; else NULL.
 * For those who caused an event, or are its peer. */
const struct session *hub_person(const struct hub *hub, uint64_t connection);

/* The connection of that id, or NULL when it has left. */
const struct connection *hub_connection(const struct hub *hub, uint64_t connection);

/* Where a connection comes from; NULL when it has left. */
const char *hub_address(const struct hub *hub, uint64_t connection);

/* The entered or named session that holds this nick in any spelling, or NULL. */
const struct session *hub_find_nick(const struct hub *hub, const char *nick);

/* The folded name of the account that owns this nick in any spelling, here or not; NULL: nobody. */
const char *hub_owner(const struct hub *hub, const char *nick);

/* Whether this nick of the session's could be taken for that of somebody else who is here, or for one
 * that somebody else owns. */
bool hub_imitates(const struct hub *hub, const struct session *session, const char *nick);

/* The room of that name in any spelling, or NULL. */
const struct room *hub_find_room(const struct hub *hub, const char *name);

/* Every session that has entered, in no order: start with a zeroed walk; NULL at the end. */
const struct session *hub_next_session(const struct hub *hub, struct table_walk *walk);

/* Every room, in no order: start with a zeroed walk; NULL at the end. */
const struct room *hub_next_room(const struct hub *hub, struct table_walk *walk);

size_t hub_session_count(const struct hub *hub); /* entered */
size_t hub_invisible_count(const struct hub *hub);
size_t hub_operator_count(const struct hub *hub); /* of the server */
size_t hub_room_count(const struct hub *hub);

/* Whether this viewer (NULL: an outsider) may know that the room exists. */
bool hub_sees_room(const struct session *viewer, const struct room *room);

/* What a room is called now that was called so before, if this session may know of it and does not know
 * already; NULL if there is none, or a room of that very name. The hub's, until the next step. */
const char *hub_forwarded(const struct hub *hub, const struct session *session, const char *name);

/* Whether he may know who is in it. */
bool hub_sees_members(const struct session *viewer, const struct room *room);

/* Somebody who looks at many people, and the rooms that this viewer is in; good until the next step. */
struct hub_view {
    const struct session *viewer;
    const struct room **rooms; /* a hash table of open addresses; NULL: free */
    size_t mask;
};

void hub_view_init(struct hub_view *view, const struct session *viewer);
void hub_view_release(struct hub_view *view);

/* Whether the viewer may find this person without giving the name: not if invisible to the viewer. */
bool hub_view_sees(const struct hub_view *view, const struct session *session);

/* One who had a nick and left it. The strings are the hub's. */
struct departed {
    char *block; /* holds the others */
    const char *nick;
    const char *key;
    const char *user;
    const char *host;
    const char *address; /* for operators */
    const char *realname;
    int64_t time_ms;
};

/* Those who held this nick before, the latest first: start with *at = 0; NULL at the end. */
const struct departed *hub_next_departed(const struct hub *hub, const char *nick, size_t *at);

/* The rooms, in no order, that a session is invited to: start with a zeroed walk; NULL at the end. */
const struct room *hub_next_invitation(const struct hub *hub, const struct session *session,
                                       struct table_walk *walk);

/* The nicks a connection watches: start with NULL; NULL at the end. */
const struct watch_link *hub_next_watch(const struct connection *connection,
                                        const struct watch_link *link);

/* The nick of that link, as its watcher spelt it. */
const char *hub_watch_nick(const struct watch_link *link);

/* How many nicks the connection watches. */
size_t hub_watch_count(const struct connection *connection);

/* Whether a connection watches this nick, in any spelling. */
bool hub_is_watching(const struct hub *hub, const struct connection *connection, const char *nick);

/* Brings back a room from the value of a fact that EFFECT_KEEP wrote under a key that begins with
 * HUB_ROOM_FACT; false when it is not one. Before the first step. */
#define HUB_ROOM_FACT "room/"
bool hub_restore_room(struct hub *hub, const char *value);

/* The same for whether there once were more rooms than the hub remembers. */
#define HUB_FORGETFUL_FACT "forgetful"
bool hub_restore_forgetful(struct hub *hub, const char *key, const char *value);

/* The same for how far an account has read; whose mark it is, the key says. */
#define HUB_MARK_FACT "mark/"
bool hub_restore_mark(struct hub *hub, const char *key, const char *value);

/* The same for what people tell about themselves. */
#define HUB_TRAIT_FACT "trait/"
bool hub_restore_trait(struct hub *hub, const char *key, const char *value);

/* The same for the rooms that they come back to. */
#define HUB_REJOIN_FACT "haunt/" /* as it is called on disk */
bool hub_restore_rejoins(struct hub *hub, const char *key, const char *value);

/* What a person tells: the account's, or the session's own; never NULL. A room's is in the room. */
const struct traits *hub_traits(const struct hub *hub, const struct session *session);

/* Whether the session may change what is told of a room. */
bool hub_may_describe(const struct session *session, const struct room *room);

/* Whether it may read it. */
bool hub_sees_traits(const struct session *viewer, const struct room *room);

/* Up to when the session, or its account, has read a room or conversation; 0: nobody knows. */
int64_t hub_mark(const struct hub *hub, uint64_t session, const char *target);

/* What operators said of a name. */
enum known_flag {
    KNOWN_OPERATOR = 1 << 0, /* whoever logs in to it is an operator of the server */
    KNOWN_ADMITTED = 1 << 1, /* it may come in where only those may who are known */
};

/* A name of which the server knows more than who owns it. */
struct known {
    char *name;
    char *key;       /* folded */
    unsigned flags;  /* enum known_flag, or-ed */
    int64_t seen_ms; /* when it was last logged in to; kept to the day */
};

/* The object of NOTE_DONE if nothing changed. */
#define HUB_AS_BEFORE "as before"

/* What is known of a name in any spelling, or NULL. */
const struct known *hub_known(const struct hub *hub, const char *name);

/* All of them, in no order: start with a zeroed walk; NULL at the end. */
const struct known *hub_next_known(const struct hub *hub, struct table_walk *walk);

/* Whether somebody of that name may come in, as far as names have to be known for that. */
bool hub_admits(const struct hub *hub, const char *name);

/* As hub_restore_room(), for what is known of names. */
#define HUB_KNOWN_FACT "known/"
bool hub_restore_known(struct hub *hub, const char *value);

/* Who is kept out of the server. */
struct ban {
    char *mask; /* as in subject.h */
    char *key;  /* folded */
    char *by;
    char *reason;
    int64_t set_ms;
    int64_t until_ms; /* 0: for good */
};

/* Those bans that still count: start with *at = 0; NULL at the end. */
const struct ban *hub_next_ban(const struct hub *hub, size_t *at);

/* As hub_restore_room(), for a ban from the server. */
#define HUB_BAN_FACT "ban/"
bool hub_restore_ban(struct hub *hub, const char *value);

/* From now on only those who are logged in to the account go by this nick; false if it is not a
 * nick, or no more can be owned. Before the first step; later it is COMMAND_OWN. */
bool hub_own(struct hub *hub, const char *nick, const char *account);

/* The nick is nobody's again. */
void hub_disown(struct hub *hub, const char *nick);

/* Asserts every invariant of the hub; for tests and fuzzers. */
void hub_check(const struct hub *hub);

#endif
