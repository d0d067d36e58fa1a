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
    struct ledger ledger;         /* of the rooms */
    struct table rooms;           /* by key */
    struct table logs;            /* rooms by the name of their log */
    struct table owners;          /* by folded nick: which account owns it */
    struct table watched;         /* by folded nick: who wants to know of it */
    struct index skeletons;       /* who is here, by the skeleton of his nick: see confusables.c */
    struct table owned_skeletons; /* struct owner by the same */
    struct table room_skeletons;  /* rooms by those of their names */
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

/* Tells the one who caused the event, if still here, that it has been delivered. */
void step_note_shown(struct step *step, const struct event *event);

/* Says no to the one who asked. */
void step_refuse(struct step *step, enum refusal refusal, const char *target);

/* Tells the one who asked how it went; event may be NULL. */
void step_note(struct step *step, uint64_t session, enum note_type type, const struct event *event);

/* Says no, and names the object that it is about, too; NULL: none. */
void step_refuse_about(struct step *step, enum refusal refusal, const char *target,
                       const char *object);

/* Tells the one who asked that it is done. */
void step_done(struct step *step, const char *target, const char *object);

/* What the step tells from its effect `first` on is told when the facts that it keeps there, if any, are
 * on disk. */
void step_settle(struct step *step, size_t first);

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

/* The rules, a file each.
 *
 * Those that take a step alone, and are not said to do otherwise, carry out the step's command of that
 * name: they look whether it may be, change what is decided, and tell the one who asked how it went.
 * The ends of an entry take the event as well: `tailed` when it is in the log, to show it to those
 * whom it is for; `failed` when it could not be kept, to undo what had been decided with it. */

/* presence.c: connections and names */
void presence_connect(struct step *step);
void presence_name(struct step *step);
void presence_enter(struct step *step);
void presence_leave(struct step *step);

/* Seats those who could not be when they entered, since the log took nothing. */
void presence_seat_all(struct step *step);

/* Ends the step's session if it is banned from the server; true if it is. */
bool presence_check_ban(struct step *step);

/* The session leaves with all its connections; others are told the reason. */
void presence_end(struct step *step, struct session *session, const char *reason);

/* Ends one connection and tells it why; what that means for its session is the caller's. */
void presence_end_connection(struct step *step, struct connection *connection, const char *reason);

/* A quit or a new nick is in the log of one room: told to those who were not told in another one. */
void presence_tailed(struct step *step, const struct event *event);

/* Frees a session that has left and has nothing in flight, with its places in rooms. */
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

/* bans.c: who may not come in at all */
void bans_ban(struct step *step);
void bans_unban(struct step *step);

/* Frees them all. */
void bans_release(struct hub *hub);

/* The ban that is about this session, or NULL. */
const struct ban *bans_find(const struct hub *hub, const struct session *session);

/* The one that would be about it by another nick, or NULL. */
const struct ban *bans_find_as(const struct hub *hub, const struct session *session,
                               const char *nick);

/* Tells the session why it is not let in. */
void bans_refuse(struct step *step, const struct ban *ban);

/* Bans somebody by account and addresses; by and why as the step's command says. */
enum refusal bans_ban_session(struct step *step, const struct session *session);

/* Ends all who are here and banned now. */
void bans_send_away(struct step *step);

/* What was set for a time that is over ends, here and in rooms. */
void bans_sweep(struct step *step);

/* known.c: what operators say of names */
void known_know(struct step *step);
void known_release_name(struct step *step);

/* Frees all that is known. */
void known_release(struct hub *hub);

/* Why this session may not come in, or go by that nick once it is in. */
enum refusal known_refusal(const struct hub *hub, const struct session *session, const char *nick);

/* Notes that the session's account was used just now. */
void known_see(struct step *step, const struct session *session);

/* Gives the step's session, which has entered, what its account is entitled to. */
void known_entitle(struct step *step);
/* Takes away what it was entitled to, before it changes to that account (NULL: to none). */
void known_disentitle(struct step *step, const char *account);

/* confusables.c: names that cannot be told apart by eye. Whether this nick imitates that of somebody else who
 * is here, or one that somebody else owns. */
bool confusables_imitate(const struct hub *hub, const struct session *session, const char *nick);

/* The session, which has entered, goes by its nick from now on, or no longer. */
void confusables_enter(struct hub *hub, struct session *session);
void confusables_leave(struct hub *hub, struct session *session);

/* The same with a name that is owned. */
void confusables_own(struct hub *hub, struct owner *owner, const char *name);
void confusables_disown(struct hub *hub, const struct owner *owner);

/* The same with a room, which is in the hub from now on, or no longer. */
void confusables_open(struct hub *hub, struct room *room);
void confusables_close(struct hub *hub, const struct room *room);

/* The room other than this one (NULL: than any) that a room of that name would imitate, or NULL. */
const struct room *confusables_imitated_room(struct hub *hub, const struct room *room,
                                             const char *name);

/* owners.c: names that are owned. The step's command says which one is from now on, or no longer. */
void owners_own(struct step *step);

/* Frees what is known of them. */
void owners_release(struct hub *hub);

/* Whether the session may go by this nick: nobody owns it, or its account does. */
bool owners_allow(struct hub *hub, const struct session *session, const char *nick);

/* membership.c: joins and departures */
void membership_join(struct step *step);
void membership_part(struct step *step);
void membership_kick(struct step *step);
void membership_join_tailed(struct step *step, const struct event *event);
void membership_part_tailed(struct step *step, const struct event *event);
void membership_kick_tailed(struct step *step, const struct event *event);
void membership_join_failed(struct step *step, const struct event *event);

/* Puts the step's session into the room of that name, which is made if there is none, or refuses. */
void membership_join_room(struct step *step, const char *name);

/* access.c: who may. Whether the session may come in: nobody's empty room is open to all. */
enum refusal access_join(const struct room *room, const struct session *session,
                         const char *password);

/* The same, had it not been found empty. */
enum refusal access_earned(const struct room *room, const struct session *session,
                           const char *password);

/* Whether `session` may say something to `peer` in private. */
enum refusal access_tell(const struct session *peer, const struct session *session);

/* Whether it may say something of that kind in the room, in it or from outside. */
enum refusal access_speak(const struct room *room, const struct session *session,
                          enum speech speech);

/* speech.c: messages and topics */
void speech_speak(struct step *step);
void speech_sign(struct step *step);
void speech_topic(struct step *step);
void speech_tailed(struct step *step, const struct event *event);
void speech_topic_tailed(struct step *step, const struct event *event);
void speech_failed(struct step *step, const struct event *event);

/* What was said is in the log already, as `first`: only its speaker is told, as if it were new. */
void speech_repeated(struct step *step, const struct event *event, const struct event *first);

/* conduct.c: how a room is run */
void conduct_mode(struct step *step);
void conduct_rename(struct step *step);
void conduct_invite(struct step *step);
void conduct_knock(struct step *step);
void conduct_tailed(struct step *step, const struct event *event); /* of modes and of a new name */

/* marks.c: how far somebody has read */
void marks_mark(struct step *step);

/* Frees those of all accounts. */
void account_marks_release(struct hub *hub);

/* Forgets those of an account, by its folded name, on disk as well. */
void marks_forget_account(struct step *step, const char *key);

/* rejoin.c: the rooms that somebody with an account comes back to. The session is in that room from now
 * on: notes it, unless it has no account, or the room needs no noting. */
void rejoin_add(struct step *step, const struct session *session, const struct room *room);

/* The session is in it no longer, by its own will or that of others. */
void rejoin_remove(struct step *step, const struct session *session, const struct room *room);

/* Notes all rooms that the step's session is in: it has an account only now. */
void rejoin_add_all(struct step *step);

/* Puts the step's session, which has come back, into those that were noted. */
void rejoin_enter(struct step *step);

/* Forgets those of an account, by its folded name, on disk as well. */
void rejoin_forget_account(struct step *step, const char *key);

/* Frees those of all accounts. */
void rejoin_release(struct hub *hub);

/* describe.c: what is told of people and rooms */
void describe_trait(struct step *step);

/* Before and after the step's session changes its account: it is described by that of another. */
void describe_leave_account(struct step *step);
void describe_enter_account(struct step *step);

/* Tells those in a room, unless it is large, what one who has just come tells about himself. */
void describe_newcomer(struct step *step, const struct room *room, const struct event *join);

/* Frees what all accounts tell. */
void describe_release(struct hub *hub);

/* Forgets what an account tells, by its folded name, on disk as well. */
void describe_forget_account(struct step *step, const char *key);

/* redaction.c: taking back what was said */
void redaction_redact(struct step *step);
void redaction_tailed(struct step *step, const struct event *event);
void redaction_failed(struct step *step, const struct event *event);

/* people.c: what people say of themselves, and what operators may do to them */
void people_away(struct step *step);
void people_realname(struct step *step);
void people_flags(struct step *step);
void people_account(struct step *step);
void people_empower(struct step *step);
void people_kill(struct step *step);
void people_host(struct step *step);
void people_wallops(struct step *step);

/* Tells that the step's session is away, or back, if it was not so before. */
void people_tell_away(struct step *step, const char *before, uint64_t except);

/* Gives the session these flags, enum session_flag, and keeps the hub's counts right. */
void people_set_flags(struct hub *hub, struct session *session, unsigned flags);

/* watch.c: who wants to know of whom */
void watch_add(struct step *step);
void watch_remove(struct step *step);

/* The connection watches nobody any more. */
void watch_forget(struct hub *hub, struct connection *connection);

/* Tells those who watch the session's nick of it: EVENT_ONLINE or EVENT_OFFLINE. */
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
