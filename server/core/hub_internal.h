/* The inside of the hub, for the files that hold its rules; nobody else includes it. */
#ifndef SNUG_SERVER_CORE_HUB_INTERNAL_H
#define SNUG_SERVER_CORE_HUB_INTERNAL_H

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
    struct table rooms;       /* by key */
    struct table logs;        /* rooms by the name of their log */
    struct table owners;      /* by folded nick: which account owns it */
    struct table watched;     /* by folded nick: who wants to know of it */
    struct index looks;       /* who is here, by what his nick looks like */
    struct table owned_looks; /* struct owner by the same */
    struct table room_looks;  /* rooms by what their names look like */
    uint64_t look_seed;
    struct table marks;   /* by folded account: how far it has read */
    struct table haunts;  /* by folded account: the rooms that it comes back to */
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
    char *key;     /* of the name */
    char *account; /* its folded name */
    uint64_t look; /* hash of what the name looks like */
};

/* The step that is being carried out. */
struct step {
    struct hub *hub;
    const struct command *command;
    struct session *session;       /* whose command it is; NULL for the store's */
    struct connection *connection; /* the one that it came by */
    struct outbox *out;
};

/* Something ends then (0: never), and has to be looked at. */
void hub_note_expiry(struct hub *hub, int64_t until_ms);

/* The hash of a folded nick. */
uint32_t hub_nick_hash(const struct hub *hub, const char *key);

/* Finds by name, folding it; NULL when there is none. */
struct room *hub_room(const struct hub *hub, const char *name);
struct room *hub_room_of_log(const struct hub *hub, const char *log);
struct session *hub_holder(const struct hub *hub, const char *nick);
struct session *hub_holder_of_key(const struct hub *hub, const char *key);
struct session *hub_by_id(const struct hub *hub, uint64_t id); /* of a connection, here or not */
struct connection *hub_connection_by_id(const struct hub *hub, uint64_t id);

/* Fills `id` with a new ULID of this moment. */
void hub_new_id(struct hub *hub, char id[EVENT_ID_MAX]);

/* Tells the one who caused the event, if still here, that it has been delivered. */
void step_note_shown(struct step *step, const struct event *event);

/* Says no to the one who asked. */
void step_refuse(struct step *step, enum refusal refusal, const char *target);

/* Tells the one who asked how it went; event may be NULL. */
void step_note(struct step *step, uint64_t session, enum note_type type, const struct event *event);

void step_refuse_about(struct step *step, enum refusal refusal, const char *target,
                       const char *object);

/* Tells the one who asked that it is done. */
void step_done(struct step *step, const char *target, const char *object);

/* The step's session in that room as decided; otherwise refuses (no such room, not in it) and returns
 * NULL. `room` is set when there is one. */
struct member *step_member(struct step *step, const char *name, struct room **room);

/* Keeps on disk how a room is run and what it is about. */
void step_keep_room(struct step *step, const struct room *room);

/* Writes into the audit log what the step's session did, or the server where there is none. */
void step_audit(struct step *step, const struct deed *deed);

/* Who somebody is now, with a lifetime of the step's effects: before he is called something else. */
struct who step_who(struct step *step, const struct session *session);

/* Somebody as nick!user@address, with a lifetime of the step's effects. */
const char *step_name(struct step *step, const struct session *session);

/* Proposes an event that is nobody's doing to a log. */
void step_append_own(struct step *step, struct event event);

/* Proposes an event of the step's session to a log; the hub fills in id (if empty), time and who. */
void step_append(struct step *step, struct event event);

/* Shows an event to recipients, which are borrowed until the next step. */
void step_deliver(struct step *step, const struct event *event, const uint64_t *recipients,
                  size_t count, uint64_t except);

/* Shows an event to a room's roster, as many others are likely to be. */
void step_deliver_roster(struct step *step, const struct event *event, struct room *room,
                         uint64_t except);

/* The rules, a file each. */

void presence_connect(struct step *step); /* presence.c: connections and names */
void presence_name(struct step *step);
void presence_enter(struct step *step);
void presence_seat_all(struct step *step); /* who could not be when they entered */
void presence_leave(struct step *step);
/* Ends the step's session if it is banned from the server; true if it is. */
bool presence_check_ban(struct step *step);
void presence_end(struct step *step, struct session *session, const char *reason);
void presence_end_connection(struct step *step, struct connection *connection, const char *reason);
void presence_tailed(struct step *step, const struct event *event);
void presence_release(struct hub *hub, struct session *session);
/* Forgets a connection that has left when nothing holds it any more; the last one of a session that
 * has left takes it along. */
void presence_settle(struct hub *hub, struct connection *connection);

/* connections.c: several connections of one person. Whether this one proved to be the same. */
bool connections_same_person(const struct hub *hub, const struct session *a,
                             const struct session *b);
/* The step's connection, whose session is not in yet, becomes one of this session. */
void connections_join(struct step *step, struct session *session);
/* One of several leaves. */
void connections_leave(struct step *step, const char *reason);
/* What the session is by all its connections: secure, and away, as the latest of them says. */
void connections_reckon(struct hub *hub, struct session *session, const struct connection *latest);

void bans_ban(struct step *step); /* bans.c: who may not come in at all */
void bans_unban(struct step *step);
void bans_release(struct hub *hub);
/* The ban that is about this session, or NULL. */
const struct ban *bans_find(const struct hub *hub, const struct session *session);
/* The one that would be about it by another nick, or NULL. */
const struct ban *bans_find_as(const struct hub *hub, const struct session *session,
                               const char *nick);
/* Tells the session why it is not let in. */
void bans_refuse(struct step *step, const struct ban *ban);
/* Bans somebody by account or else address; by and why as the step's command says. */
enum refusal bans_ban_session(struct step *step, const struct session *session);
/* Ends all who are here and banned now. */
void bans_send_away(struct step *step);
/* What was set for a time that is over ends, here and in rooms. */
void bans_sweep(struct step *step);

void known_know(struct step *step); /* known.c: what operators say of names */
void known_release_name(struct step *step);
void known_release(struct hub *hub);
/* Why this session may not come in, or go by that nick once it is in. */
enum refusal known_refusal(const struct hub *hub, const struct session *session, const char *nick);
/* Notes that the session's account was used just now. */
void known_see(struct step *step, const struct session *session);
/* Gives the step's session, which has entered, what its account is entitled to. */
void known_entitle(struct step *step);

/* looks.c: names that cannot be told apart by eye. Whether this nick imitates that of somebody else who
 * is here, or one that somebody else owns. */
bool looks_imitate(const struct hub *hub, const struct session *session, const char *nick);
/* The session, which has entered, goes by its nick from now on, or no longer. */
void looks_enter(struct hub *hub, struct session *session);
void looks_leave(struct hub *hub, struct session *session);
/* The same with a name that is owned. */
void looks_own(struct hub *hub, struct owner *owner, const char *name);
void looks_disown(struct hub *hub, const struct owner *owner);
/* The same with a room, which is in the hub from now on, or no longer. */
void looks_open(struct hub *hub, struct room *room);
void looks_close(struct hub *hub, const struct room *room);
/* The room other than this one (NULL: than any) that a room of that name would imitate, or NULL. */
const struct room *looks_imitated_room(struct hub *hub, const struct room *room, const char *name);

void owners_own(struct step *step); /* owners.c: names that are owned */
void owners_release(struct hub *hub);
/* Whether the session may go by this nick: nobody owns it, or its account does. */
bool owners_allow(struct hub *hub, const struct session *session, const char *nick);

void membership_join(struct step *step); /* membership.c: joins and departures */
void membership_join_room(struct step *step, const char *name);
void membership_part(struct step *step);
void membership_kick(struct step *step);
void membership_join_tailed(struct step *step, const struct event *event);
void membership_part_tailed(struct step *step, const struct event *event);
void membership_kick_tailed(struct step *step, const struct event *event);
void membership_join_failed(struct step *step, const struct event *event);

enum refusal access_join(const struct room *room, /* access.c: who may */
                         const struct session *session, const char *password);
enum refusal access_earned(const struct room *room, /* the same, had it not been found empty */
                           const struct session *session, const char *password);
enum refusal access_tell(const struct session *peer, const struct session *session);
enum refusal access_speak(const struct room *room, const struct session *session,
                          enum speech speech);

void speech_speak(struct step *step); /* speech.c: messages and topics */
void speech_sign(struct step *step);
void speech_topic(struct step *step);
void speech_tailed(struct step *step, const struct event *event);
void speech_topic_tailed(struct step *step, const struct event *event);
void speech_failed(struct step *step, const struct event *event);
void speech_repeated(struct step *step, const struct event *event, const struct event *first);

void conduct_mode(struct step *step); /* conduct.c: how a room is run */
void conduct_rename(struct step *step);
void conduct_invite(struct step *step);
void conduct_knock(struct step *step);
void conduct_tailed(struct step *step, const struct event *event);

void marks_mark(struct step *step); /* marks.c: how far somebody has read */
void account_marks_release(struct hub *hub);
void marks_forget_account(struct step *step, const char *key); /* folded */

/* haunts.c: the rooms that somebody is in, noted for the time when he comes back, and entered then */
void haunts_add(struct step *step, const struct session *session, const struct room *room);
void haunts_remove(struct step *step, const struct session *session, const struct room *room);
void haunts_add_all(struct step *step);
void haunts_enter(struct step *step);
void haunts_forget_account(struct step *step, const char *key); /* folded */
void haunts_release(struct hub *hub);

void describe_trait(struct step *step); /* describe.c: what is told of people and rooms */
/* Before and after the step's session changes its account: it is described by that of another. */
void describe_leave_account(struct step *step);
void describe_enter_account(struct step *step);
/* Tells those in a room, unless it is large, what one who has just come tells about himself. */
void describe_newcomer(struct step *step, const struct room *room, const struct event *join);
void describe_release(struct hub *hub);
void describe_forget_account(struct step *step, const char *key); /* folded */

void redaction_redact(struct step *step); /* redaction.c: taking back what was said */
void redaction_tailed(struct step *step, const struct event *event);
void redaction_failed(struct step *step, const struct event *event);

void people_away(struct step *step); /* people.c: what people say of themselves */
/* Tells that the step's session is away, or back, if it was not so before. */
void people_tell_away(struct step *step, const char *before, uint64_t except);
void people_set_flags(struct hub *hub, struct session *session, unsigned flags);
void people_realname(struct step *step);
void people_flags(struct step *step);
void people_account(struct step *step);
void people_empower(struct step *step);
void people_kill(struct step *step);
void people_host(struct step *step);
void people_wallops(struct step *step);

void watch_add(struct step *step); /* watch.c: who wants to know of whom */
void watch_remove(struct step *step);
void watch_forget(struct hub *hub, struct connection *connection);
void watch_tell(struct step *step, const struct session *session, enum event_type type);

/* Members of a room of at least that rank who are in its roster, as recipients. */
uint64_t *recipients_of_rank(struct step *step, const struct room *room, unsigned rank,
                             size_t *count);

/* The connection of a seat in the roster. */
struct connection *recipient_at(const struct hub *hub, const struct room *room, size_t seat);

/* All connections of a session. */
uint64_t *recipients_person(struct step *step, const struct session *session, size_t *count);

/* Those of two people, each once; either may be NULL. */
uint64_t *recipients_pair(struct step *step, const struct session *a, const struct session *b,
                          size_t *count);

/* All who are in a room with the session as delivered, each once, and the session itself. */
uint64_t *recipients_witnesses(struct step *step, struct session *session, size_t *count);

/* All who watch the session's nick and were not among the witnesses that were just listed. */
uint64_t *recipients_watchers(struct step *step, const struct session *session, size_t *count);

/* record.c: a room as the text of a fact. */
void record_write(struct str *out, const struct room *room);

#endif
